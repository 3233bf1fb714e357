import { type IncomingMessage, type Server, createServer } from "node:http";
import { Agent } from "node:https";
import { type AddressInfo, Socket, connect } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** Connections of this process that end at a port of this machine, whatever host they name. */
export class LoopbackAgent extends Agent {
  private readonly blocked = new Set<string>();

  /** @param ca The CA to trust, in PEM. */
  constructor(
    private readonly port: number,
    private ca: string | undefined,
  ) {
    super({ keepAlive: false });
  }

  /** Takes its trust from the double's CA. */
  distrust(): void {
    this.ca = undefined;
  }

  /** Refuses connections to a host. */
  block(host: string): void {
    this.blocked.add(host);
  }

  override createConnection(options: ConnectionOptions): Socket {
    if (this.blocked.has(options.host ?? "")) return failing("ECONNREFUSED");
    return connectTls({
      host: "127.0.0.1",
      port: this.port,
      ca: this.ca,
      servername: options.servername ?? options.host ?? "",
    });
  }
}

/** Connections that fail before they are there, with a code of the system's, e.g. `ENOTFOUND`. */
export class FailingAgent extends Agent {
  constructor(private readonly code: string) {
    super();
  }

  override createConnection(): Socket {
    return failing(this.code);
  }
}

function failing(code: string): Socket {
  const socket = new Socket();
  process.nextTick(() => socket.destroy(Object.assign(new Error(`connect ${code}`), { code })));
  return socket;
}

/**
 * A forward proxy for processes that aren't this one (`HTTPS_PROXY`): connections to the given hosts end at a port of this
 * machine, all others are refused.
 */
export async function startProxy(
  isKnown: (host: string) => boolean,
  port: number,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_, response) => {
    response.writeHead(403).end();
  });
  server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on("error", () => client.destroy());
    if (!isKnown((request.url ?? "").split(":")[0] ?? "")) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

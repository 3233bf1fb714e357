import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a {@link ScriptedServer} was asked. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

/**
 * One answer: a status with what it says, or none at all: the connection is closed. Bytes and texts are sent as they are, anything
 * else as JSON.
 */
export type Reply =
  readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>] | "nothing";

/** An HTTP server that answers as it was told, and notes what it was asked. */
export class ScriptedServer {
  readonly asked: Request[] = [];
  private readonly replies = new Map<string, Reply[]>();
  private constructor(private readonly server: Server) {}

  /** Listens on a free port of this machine. */
  static async start(): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    server.on("request", (request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => (text += part));
      request.on("end", () => {
        const asked = {
          method: request.method ?? "",
          path: request.url ?? "",
          authorization: request.headers.authorization,
          contentType: request.headers["content-type"],
          body: text === "" ? undefined : (JSON.parse(text) as unknown),
        };
        scripted.asked.push(asked);
        const reply = scripted.replyTo(`${asked.method} ${asked.path}`);
        if (reply === "nothing") {
          request.socket.destroy();
          return;
        }
        const [status, body, headers = {}] = reply;
        response.statusCode = status;
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
          response.end(body ?? "");
          return;
        }
        response.setHeader("content-type", "application/json;charset=utf-8");
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Answers to a request, e.g. `GET /api/v1/version`, one after another; the last one again and again. */
  on(request: string, ...replies: Reply[]): this {
    this.replies.set(request, replies);
    return this;
  }

  /** What was asked, as `METHOD path`. */
  get requests(): readonly string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private replyTo(request: string): Reply {
    const replies = this.replies.get(request);
    if (replies === undefined) return [599, { message: `the test has no answer to ${request}` }];
    return (replies.length > 1 ? replies.shift() : replies[0]) ?? "nothing";
  }
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, taken apart. */
export interface Call {
  readonly method: string;
  /** Path parts after the API's own, decoded: an encoded slash is part of one. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** What is answered: a status, and what is sent as JSON. */
export type JsonReply = readonly [status: number, body?: unknown];

/** An HTTP server of JSON on a free port of this machine, for doubles of APIs. */
export abstract class JsonServer {
  /** What was asked, as `METHOD path`, without the API's own part. */
  readonly requests: string[] = [];
  private readonly server: Server;

  /** @param api The path that the API lies under, e.g. `/api/v4`. */
  protected constructor(private readonly api: string) {
    this.server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => (text += part));
      request.on("end", () => {
        const url = new URL(request.url ?? "", "http://double");
        const path = url.pathname.slice(this.api.length + 1);
        this.requests.push(`${request.method ?? ""} /${path}`);
        const [status, body] = this.answer({
          method: request.method ?? "",
          path: path.split("/").map(decodeURIComponent),
          query: url.searchParams,
          body: text === "" ? undefined : (JSON.parse(text) as unknown),
          header: (name) => request.headers[name] as string | undefined,
        });
        response.statusCode = status;
        response.setHeader("content-type", "application/json");
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  /** Begins to listen. */
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  protected abstract answer(call: Call): JsonReply;
}

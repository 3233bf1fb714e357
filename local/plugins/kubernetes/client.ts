import type { IncomingMessage } from "node:http";
import * as http from "node:http";
import * as https from "node:https";
import type { ClusterAccess } from "./kubeconfig";
import type { Json, JsonObject } from "./objects";
import { isJsonObject, numberAt, textAt } from "./objects";

/** The API server's refusal of a request. */
export class ApiError extends Error {
  /**
   * @param code HTTP status
   * @param reason the Status object's reason (`NotFound`, `AlreadyExists`, `Conflict` …), or the empty text
   */
  public constructor(
    public readonly code: number,
    public readonly reason: string,
    message: string,
    /** seconds after which to ask again, if the server said so */
    public readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Whether the API server refused for want of rights. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.code === 403 && error.reason === "Forbidden";
}

/** The API server couldn't be asked at all. */
export class ConnectionError extends Error {
  public constructor(
    message: string,
    public readonly code: string,
  ) {
    super(message);
    this.name = "ConnectionError";
  }
}

export type Query = Readonly<Record<string, string | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly body?: JsonObject | readonly JsonObject[] | undefined;
  /** the body's media type; default: application/json */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** called with each warning the server gives */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** A small REST client of one API server, over connections that stay open. */
export class KubeClient {
  private readonly agent: http.Agent;
  private readonly secure: boolean;

  public constructor(private readonly access: ClusterAccess) {
    this.secure = access.server.startsWith("https:");
    const options = { keepAlive: true, maxSockets: 32, scheduling: "lifo" as const };
    this.agent = this.secure
      ? new https.Agent({
          ...options,
          rejectUnauthorized: !access.insecure,
          ...(access.ca === undefined ? {} : { ca: access.ca }),
          ...(access.certificate === undefined ? {} : { cert: access.certificate }),
          ...(access.key === undefined ? {} : { key: access.key }),
          ...(access.serverName === undefined ? {} : { servername: access.serverName }),
        })
      : new http.Agent(options);
  }

  /** Base URL of the API server. */
  public get server(): string {
    return this.access.server;
  }

  /**
   * Sends a request and returns the answer. Asks again when the server is overloaded, and when an idle connection
   * turned out to be closed.
   * @throws ApiError if the server refuses, ConnectionError if it can't be asked
   */
  public async request(method: string, path: string, options: RequestOptions = {}): Promise<JsonObject> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(method, path, options);
      } catch (error) {
        const busy =
          error instanceof ApiError && (error.code === 429 || error.code === 503) && error.retryAfter;
        const stale =
          error instanceof ConnectionError &&
          (error.code === "ECONNRESET" || error.code === "EPIPE") &&
          attempt < 2;
        if ((!busy && !stale) || attempt >= 10 || options.signal?.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, busy ? busy * 1000 : 20));
      }
    }
  }

  /** Streams a watch's events to `onEvent`; resolves when the server ends it, or the signal aborts it. */
  public async watch(
    path: string,
    options: { readonly query?: Query; readonly signal: AbortSignal },
    onEvent: (type: string, object: JsonObject) => void,
  ): Promise<void> {
    const query = { ...options.query, watch: "true" };
    const response = await this.send("GET", path, { query, signal: options.signal });
    if ((response.statusCode ?? 0) >= 400) throw refusal(response, await text(response));
    let rest = "";
    response.setEncoding("utf8");
    try {
      for await (const chunk of response) {
        const lines = (rest + String(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          if (line === "") continue;
          const event = JSON.parse(line) as { type: string; object: JsonObject };
          if (event.type === "ERROR") {
            throw new ApiError(
              numberAt(event.object, "code") ?? 410,
              "Expired",
              textAt(event.object, "message") ?? "",
            );
          }
          onEvent(event.type, event.object);
        }
      }
    } catch (error) {
      if (options.signal.aborted) return;
      if (error instanceof ApiError) throw error;
      throw new ConnectionError(
        error instanceof Error ? error.message : "",
        (error as NodeJS.ErrnoException).code ?? "",
      );
    }
  }

  private async once(method: string, path: string, options: RequestOptions): Promise<JsonObject> {
    const response = await this.send(method, path, options);
    const body = await text(response);
    if ((response.statusCode ?? 0) >= 400) throw refusal(response, body);
    const warnings = response.headers["warning"];
    if (warnings !== undefined && options.onWarning !== undefined) {
      for (const match of warnings.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
        options.onWarning((match[1] ?? "").replace(/\\(.)/g, "$1"));
      }
    }
    return body === "" ? {} : (JSON.parse(body) as JsonObject);
  }

  private async send(method: string, path: string, options: RequestOptions): Promise<IncomingMessage> {
    const headers: Record<string, string> = {
      accept: "application/json",
      "user-agent": "pulumi-kubernetes/terp",
    };
    const authorization = await this.access.authorization();
    if (authorization !== undefined) headers["authorization"] = authorization;
    const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
    if (body !== undefined) {
      headers["content-type"] = options.contentType ?? "application/json";
      headers["content-length"] = String(body.length);
    }
    const url = this.access.server + path + queryText(options.query);
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const { signal } = options;
      const request = (this.secure ? https : http).request(
        url,
        { method, headers, agent: this.agent, ...(signal === undefined ? {} : { signal }) },
        resolve,
      );
      request.on("error", (error: NodeJS.ErrnoException) => {
        reject(new ConnectionError(connectionProblem(method, url, error), error.code ?? ""));
      });
      request.end(body);
    });
  }
}

function queryText(query: Query = {}): string {
  const parts = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return parts.length === 0 ? "" : `?${new URLSearchParams(parts).toString()}`;
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new ConnectionError(
      error instanceof Error ? error.message : "",
      (error as NodeJS.ErrnoException).code ?? "",
    );
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refusal(response: IncomingMessage, body: string): ApiError {
  const code = response.statusCode ?? 0;
  const after = Number(response.headers["retry-after"]);
  const retryAfter = Number.isFinite(after) && after > 0 ? after : undefined;
  let status: Json = null;
  try {
    status = JSON.parse(body) as Json;
  } catch {
    // Proxies answer in plain text.
  }
  if (!isJsonObject(status))
    return new ApiError(code, "", body.trim() || `HTTP status ${String(code)}`, retryAfter);
  return new ApiError(code, textAt(status, "reason") ?? "", textAt(status, "message") ?? body, retryAfter);
}

/** Says what went wrong in the words that users know from kubectl. */
function connectionProblem(method: string, url: string, error: NodeJS.ErrnoException): string {
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  const { hostname, port } = new URL(url);
  const target = `${hostname}:${port || "443"}`;
  const causes: Record<string, string> = {
    ECONNREFUSED: `dial tcp ${target}: connect: connection refused`,
    ENOTFOUND: `dial tcp: lookup ${hostname}: no such host`,
    EHOSTUNREACH: `dial tcp ${target}: connect: no route to host`,
    ENETUNREACH: `dial tcp ${target}: connect: network is unreachable`,
    ETIMEDOUT: `dial tcp ${target}: i/o timeout`,
  };
  return `${verb} "${url}": ${causes[error.code ?? ""] ?? error.message}`;
}

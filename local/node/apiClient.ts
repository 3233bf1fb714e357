import { Agent, request } from "node:https";
import { connectionOf } from "./kubeconfig";

/** What the API server answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** As much of the Kubernetes API as raising a node takes. */
export class ApiClient {
  private readonly agent: Agent;
  private readonly server: string;

  /** @param kubeconfig one that has client certificates in it, as YAML. */
  constructor(kubeconfig: string) {
    const { server, authority, pair } = connectionOf(kubeconfig);
    this.server = server;
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 4,
      ca: authority,
      cert: pair.certificate,
      key: pair.key,
    });
  }

  /** Sends one request: a GET, or, with a body, an apply. */
  async call(path: string, body?: string, timeout = 10_000): Promise<ApiAnswer> {
    const method = body === undefined ? "GET" : "PATCH";
    return await new Promise<ApiAnswer>((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": "application/apply-patch+yaml" };
      const sent = request(
        new URL(path, this.server),
        { method, headers, agent: this.agent, timeout },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
          });
        },
      );
      sent.on("timeout", () =>
        sent.destroy(new Error(`${this.server} doesn't answer within ${String(timeout / 1000)} s`)),
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Whether the API server is ready. */
  async isReady(timeout?: number): Promise<boolean> {
    try {
      return (await this.call("/readyz", undefined, timeout)).status === 200;
    } catch {
      return false;
    }
  }

  /** An object; undefined if there is none. @throws on any other answer. */
  async get(path: string, timeout?: number): Promise<unknown> {
    const { status, body } = await this.call(path, undefined, timeout);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${String(status)} ${body.slice(0, 300)}`);
    return JSON.parse(body);
  }

  /** Server-side apply: creates an object or takes over the given fields of it. */
  async apply(path: string, object: unknown): Promise<void> {
    const query = "?fieldManager=terp-node&force=true";
    const { status, body } = await this.call(`${path}${query}`, JSON.stringify(object));
    if (status !== 200 && status !== 201)
      throw new Error(`apply ${path}: ${String(status)} ${body.slice(0, 300)}`);
  }

  /** Lets go of the connections. */
  close(): void {
    this.agent.destroy();
  }
}

/** Whether a Node or Deployment has a condition of this type that is true. */
export function hasCondition(object: unknown, type: string): boolean {
  const { status } = (object ?? {}) as { status?: { conditions?: { type?: string; status?: string }[] } };
  return (status?.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === "True",
  );
}

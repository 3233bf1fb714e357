/**
 * A double of Azure Resource Manager, because Azure can't be reached from where tests run. It was written from the reference of the
 * REST API and from errors that people have published; nothing here was compared with the service itself.
 *
 * It covers: any resource by its path (PUT, GET, DELETE), what must exist before it, and what Azure adds to some kinds; names
 * that somebody else has (vaults and storage accounts); deleted vaults whose names stay taken until they are recovered; purge
 * protection that can't be taken back; delete locks; role assignments that exist under another name, that mustn't change, whose
 * principal the directory doesn't know yet or is of another type; two credentials of one identity written at once; no rights; what
 * was just made and isn't found yet, or isn't finished. It doesn't cover: validation of any property, quotas, policies, regions,
 * operations on one network at once, references between resources, data in storage or vaults, tokens.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Body } from "./additions";
import { idParts } from "./ids";
import { ArmModel, ArmRefusal } from "./model";

/** How long a credential is written, in milliseconds: another one of the same identity is refused meanwhile. */
const credentialTime = 40;

/** See this file's first comment. */
export class ArmDouble {
  readonly model = new ArmModel();
  /** What was asked, as `PUT /subscriptions/…`, in its order. */
  readonly asked: string[] = [];
  /** How many requests are answered from now on; at the next one the connection is cut, after or before it was carried out. */
  cutAfter: { requests: number; readonly moment: "before" | "after" } | undefined;
  /** Answers to POST requests by the last part of their path. */
  readonly answers = new Map<string, Body>();
  private readonly busyIdentities = new Set<string>();

  private constructor(
    private readonly server: Server,
    /** `http://127.0.0.1:PORT`. */
    readonly address: string,
  ) {}

  static async start(): Promise<ArmDouble> {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    const double = new ArmDouble(server, `http://127.0.0.1:${String(port)}`);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void double.handle(request, response);
    });
    return double;
  }

  /** What makes the engine's stand-in for azure-native work with it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      TERP_AZURE_DOUBLE: this.address,
      ARM_SUBSCRIPTION_ID: this.model.subscription,
      ARM_TENANT_ID: this.model.tenant,
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", this.address);
    const method = request.method ?? "GET";
    if (this.isCut("before")) {
      request.socket.destroy();
      return;
    }
    this.asked.push(`${method} ${url.pathname}`);
    let answer: { readonly status: number; readonly body?: Body | undefined };
    try {
      answer = await this.answer(method, url, Buffer.concat(chunks).toString());
    } catch (error) {
      if (!(error instanceof ArmRefusal)) throw error;
      answer = { status: error.status, body: { error: { code: error.code, message: error.message } } };
    }
    if (this.isCut("after")) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  }

  private isCut(moment: "before" | "after"): boolean {
    const cut = this.cutAfter;
    if (cut?.moment !== moment) return false;
    cut.requests -= 1;
    return cut.requests < 0;
  }

  private async answer(
    method: string,
    url: URL,
    text: string,
  ): Promise<{ readonly status: number; readonly body?: Body | undefined }> {
    const id = decodeURIComponent(url.pathname);
    switch (method) {
      case "PUT":
        return { status: 201, body: await this.write(id, JSON.parse(text) as Body) };
      case "GET":
        return { status: 200, body: this.read(id, url) };
      case "DELETE":
        this.model.delete(id);
        return { status: 202 };
      case "POST":
        return { status: 200, body: this.answers.get(id.split("/").at(-1) ?? "") ?? {} };
      default:
        throw new ArmRefusal(405, "MethodNotAllowed", method);
    }
  }

  private async write(id: string, body: Body): Promise<Body> {
    const { type, parent = "" } = idParts(id);
    if (!type.endsWith("/federatedIdentityCredentials")) return this.model.put(id, body);
    if (this.busyIdentities.has(parent)) {
      throw new ArmRefusal(
        409,
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "Too many Federated Identity Credentials are written concurrently for the managed identity.",
      );
    }
    this.busyIdentities.add(parent);
    await sleep(credentialTime);
    this.busyIdentities.delete(parent);
    return this.model.put(id, body);
  }

  private read(id: string, url: URL): Body {
    const list = /^(.*)\/providers\/Microsoft\.Authorization\/roleAssignments$/i.exec(id);
    if (list) {
      const principal = /principalId eq '([^']+)'/.exec(url.searchParams.get("$filter") ?? "")?.[1] ?? "";
      return { value: this.model.assignmentsOf(principal, list[1] ?? "") };
    }
    const deleted = /\/deletedVaults\/([^/]+)$/i.exec(id)?.[1];
    if (deleted === undefined) return this.model.get(id);
    const vault = this.model.deletedVaults.get(deleted);
    if (vault === undefined)
      throw new ArmRefusal(404, "DeletedVaultNotFound", `The vault '${deleted}' isn't deleted.`);
    return { name: deleted, properties: { vaultId: vault.id, location: vault.body["location"] } };
  }
}

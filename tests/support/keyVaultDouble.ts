/**
 * A double of Azure Key Vault, because Azure can't be reached from where tests run. It was written from the documentation of
 * the REST API (secrets, api-version 7.x and 2025-07-01) and from errors that people have published; nothing here was compared
 * with the service itself.
 *
 * It covers: HTTPS under the vault's own name; the bearer challenge and Azure's sign-in by client secret and by federated
 * token, so that `@azure/identity` really runs; set, get (the latest, or a version), list versions with paging, update
 * attributes, delete, get and list deleted, recover, purge; soft delete and purge protection with their recovery levels; the
 * time that deleting and recovering takes, with its 404 and 409; disabled versions; rights by operation, refused as by role,
 * access policy, firewall and private connection; 429 with and without Retry-After; listings that lag behind; times in whole
 * seconds. It doesn't cover: backup and restore, certificates and keys, tokens that expire, regions and their failover.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carryOut, routeOf } from "./keyVault/api";
import { type Denial, refusalFor } from "./keyVault/denials";
import { makeCertificate } from "./keyVault/certificates";
import { type Identity, SignIn } from "./keyVault/signIn";
import { type Operation, Refusal, VaultModel } from "./keyVault/vault";
import { LoopbackAgent, startProxy } from "./keyVault/ways";

export { objectId } from "./keyVault/denials";
export type { Operation } from "./keyVault/vault";

/** A request that the double keeps waiting. */
export interface Hold {
  /** Settles once a request waits. */
  readonly reached: Promise<void>;
  /** Lets it go on; a request whose sender is gone by then is dropped. */
  readonly release: () => void;
  /** Cuts its connection instead of answering. */
  readonly drop: () => void;
}

interface PendingHold extends Hold {
  readonly operation: Operation;
  readonly moment: "before" | "after";
  readonly reach: () => void;
  readonly released: Promise<"go on" | "drop">;
}

const signInHost = "login.microsoftonline.com";
const resource = "https://vault.azure.net";

/** See this file's first comment. */
export class KeyVaultDouble {
  readonly vault = new VaultModel();
  /** Operations that are refused. */
  readonly denied = new Map<Operation, Denial>();
  /** How many requests are throttled from now on, and after how many seconds they may come again, if that is told. */
  throttle: { requests: number; readonly retryAfter?: number } = { requests: 0 };
  /** Whether the vault takes no token, as it does one of another tenant. */
  refusesTokens = false;
  /** What tokens are asked for instead of Key Vault's own resource. */
  challenge: string | undefined;
  pageSize = 25;
  /** What was asked, in its order. */
  readonly asked: Operation[] = [];
  private readonly holds: PendingHold[] = [];

  private constructor(
    /** The vault's URL. */
    readonly url: string,
    /** Who signs in. */
    readonly identity: Identity,
    private readonly signIn: SignIn,
    private readonly servers: {
      readonly folder: string;
      readonly ca: string;
      readonly vault: Server;
      readonly port: number;
      readonly proxy: Server;
      readonly proxyUrl: string;
    },
  ) {}

  /** Starts it. @param name the vault's. */
  static async start(name = "terp-test"): Promise<KeyVaultDouble> {
    const identity = { tenant: randomUUID(), client: randomUUID(), secret: randomBytes(16).toString("hex") };
    const host = `${name}.vault.azure.net`;
    const made = await makeCertificate([host, signInHost]);
    const folder = await mkdtemp(join(tmpdir(), "terp-key-vault-"));
    await writeFile(join(folder, "ca.pem"), made.ca);
    const vault = createServer({ key: made.privateKey, cert: made.certificate });
    await new Promise<void>((ready) => vault.listen(0, "127.0.0.1", ready));
    const { port } = vault.address() as AddressInfo;
    const { server: proxy, url: proxyUrl } = await startProxy(
      (each) => each === host || each === signInHost,
      port,
    );
    const double = new KeyVaultDouble(`https://${host}`, identity, new SignIn(identity, resource), {
      folder,
      ca: made.ca,
      vault,
      port,
      proxy,
      proxyUrl,
    });
    vault.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void double.handle(request, response);
    });
    return double;
  }

  /** The way to it for this process. */
  get agent(): LoopbackAgent {
    return new LoopbackAgent(this.servers.port, this.servers.ca);
  }

  /** Every token that it gave. */
  get tokens(): readonly string[] {
    return this.signIn.tokens;
  }

  /** What makes a process sign in with its client secret. */
  get credentials(): Readonly<Record<string, string>> {
    const { tenant, client, secret } = this.identity;
    return { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret };
  }

  /** What makes another process reach it, trust it, and sign in. In upper case, gRPC doesn't take the proxy for its own. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...this.credentials,
      HTTPS_PROXY: this.servers.proxyUrl,
      NODE_EXTRA_CA_CERTS: join(this.servers.folder, "ca.pem"),
    };
  }

  /** Keeps the next request for an operation waiting, before it is carried out or before it is answered. */
  hold(operation: Operation, moment: "before" | "after"): Hold {
    let reach = (): void => undefined;
    let settle: ((how: "go on" | "drop") => void) | undefined;
    const reached = new Promise<void>((each) => (reach = each));
    const released = new Promise<"go on" | "drop">((each) => (settle = each));
    const hold: PendingHold = {
      operation,
      moment,
      reach,
      reached,
      released,
      release: () => settle?.("go on"),
      drop: () => settle?.("drop"),
    };
    this.holds.push(hold);
    return hold;
  }

  /** Ends what {@link disconnect} began. */
  async reconnect(): Promise<void> {
    const { vault, port, proxy, proxyUrl } = this.servers;
    await new Promise<void>((ready) => vault.listen(port, "127.0.0.1", ready));
    await new Promise<void>((ready) => proxy.listen(Number(new URL(proxyUrl).port), "127.0.0.1", ready));
  }

  /** Cuts it off from the network: connections are refused from now on. */
  async disconnect(): Promise<void> {
    for (const server of [this.servers.vault, this.servers.proxy]) {
      if (!server.listening) continue;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  /** Ends it. */
  async close(): Promise<void> {
    for (const { release } of this.holds) release();
    await this.disconnect();
    await rm(this.servers.folder, { recursive: true, force: true });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? "/", `https://${request.headers.host ?? ""}`);
    try {
      if (url.hostname === signInHost) {
        send(response, 200, this.signIn.answer(url, body));
        return;
      }
      const method = request.method ?? "GET";
      const { operation } = routeOf({ method, url, body });
      this.admit(operation, request.headers.authorization);
      this.asked.push(operation);
      await this.waitAt(operation, "before", request.socket);
      if (request.socket.destroyed) return;
      const answer = carryOut(this.vault, { method, url, body }, this.pageSize);
      await this.waitAt(operation, "after", request.socket);
      send(response, answer === undefined ? 204 : 200, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const inner = error.more.inner === undefined ? {} : { innererror: { code: error.more.inner } };
      const isSignIn = url.hostname === signInHost;
      const text = isSignIn
        ? { error: error.code, error_description: error.message }
        : { error: { code: error.code, message: error.message, ...inner } };
      send(response, error.status, text, error.more.headers);
    }
  }

  private admit(operation: Operation, authorization: string | undefined): void {
    if (this.throttle.requests > 0) {
      this.throttle.requests -= 1;
      const { retryAfter } = this.throttle;
      throw new Refusal(
        429,
        "Throttled",
        "Request was not processed because too many requests were received.",
        { headers: retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) } },
      );
    }
    if (this.refusesTokens || !this.signIn.admits(authorization)) {
      const { challenge = this.signIn.challenge } = this;
      const message =
        authorization === undefined
          ? "AKV10000: Request is missing a Bearer or PoP token."
          : "AKV10032: Invalid issuer.";
      throw new Refusal(401, "Unauthorized", message, { headers: { "WWW-Authenticate": challenge } });
    }
    const denial = this.denied.get(operation);
    if (denial !== undefined) throw refusalFor(denial, operation);
  }

  private async waitAt(operation: Operation, moment: "before" | "after", socket: Socket): Promise<void> {
    const index = this.holds.findIndex((each) => each.operation === operation && each.moment === moment);
    const [hold] = index < 0 ? [] : this.holds.splice(index, 1);
    hold?.reach();
    if ((await hold?.released) === "drop") socket.destroy();
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, unknown>> | undefined,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

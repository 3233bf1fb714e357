import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { apiServerArguments, controllerManagerArguments, etcdArguments } from "../../local/node/arguments";
import { connectionOf, type Connection } from "../../local/node/kubeconfig";
import { ensurePki } from "../../local/node/pki";
import { layoutOf, type NodeLayout } from "../../local/node/spec";
import { plain } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensure";
import { eventually } from "./eventually";
import { makeTestFolder, removeTestFolder, type TestFolder } from "./testFolder";

/** Who asks, by impersonation. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
}

/** One request to the API server. */
export interface Call {
  /** `APPLY` is a PATCH by which Flux applies: it makes what isn't there. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "APPLY" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** @default the administrator */
  readonly as?: Caller;
}

/** What the API server answered; `body.message` says what is wrong. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, any>>;
}

/**
 * A Kubernetes API server with its store and controllers, and no node: no pod runs. A third of the time that a whole node takes,
 * for tests of what the API server decides by itself.
 */
export class ControlPlane {
  private readonly children: ChildProcess[] = [];
  private readonly agent: Agent;
  private readonly plurals = new Map<string, string>();

  private constructor(
    private readonly own: TestFolder,
    private readonly layout: NodeLayout,
    private readonly connection: Connection,
  ) {
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      ca: connection.authority,
      cert: connection.pair.certificate,
      key: connection.pair.key,
    });
  }

  /**
   * Starts one with an address and a folder of its own.
   *
   * @param features Feature gates that are off by themselves.
   */
  static async start(features: readonly string[] = []): Promise<ControlPlane> {
    const tools = await ensureTools(["kube", "etcd"], plain());
    const own = await makeTestFolder();
    const layout = layoutOf({
      name: own.name,
      directory: join(own.folder, "node"),
      runDirectory: join("/run/terp", own.name),
    });
    for (const folder of [layout.etcd, layout.logs, layout.pki, layout.pids])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    // All of 127.0.0.0/8 is this machine: an address of its own in place of a port.
    const [first = 0, second = 0] = randomBytes(2);
    const address = `127.${String(randomInt(64, 128))}.${String(first)}.${String(Math.max(second, 1))}`;
    const link = { subnet: `${address}/32`, hostAddress: address, nodeAddress: address };
    await ensurePki(layout, own.name, link);
    const plane = new ControlPlane(
      own,
      layout,
      connectionOf(readFileSync(layout.kubeconfig("admin"), "utf8")),
    );
    try {
      plane.run(join(tools.etcd.directory, "etcd"), [...etcdArguments(layout), "--unsafe-no-fsync"]);
      await eventually(() => accepts(layout.etcdSocket));
      plane.run(join(tools.kube.directory, "kube-apiserver"), [
        ...apiServerArguments(layout, link),
        // An endpoint can't be a loopback address.
        "--endpoint-reconciler-type=none",
        ...features.map((feature) => `--feature-gates=${feature}=true`),
      ]);
      plane.run(
        join(tools.kube.directory, "kube-controller-manager"),
        controllerManagerArguments(layout).concat("--secure-port=0"),
      );
      await eventually(async () => {
        const { status } = await plane.call({ method: "GET", path: "/readyz" });
        if (status !== 200) throw new Error(`the API server isn't ready: ${String(status)}`);
      });
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  /** An administrator's kubeconfig. */
  get kubeconfig(): string {
    return readFileSync(this.layout.kubeconfig("admin"), "utf8");
  }

  /** Ends it and removes what it left. */
  async stop(): Promise<void> {
    this.agent.destroy();
    const living = this.children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = living.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const child of living) child.kill("SIGKILL");
    await Promise.all(ended);
    await removeTestFolder(this.own);
  }

  /** Sends one request. */
  async call({ method, path, body, as }: Call): Promise<Answer> {
    const headers: Record<string, string | string[]> = {
      "content-type": contentTypes[method] ?? "application/json",
      ...(as === undefined ? {} : { "impersonate-user": as.user, "impersonate-group": [...as.groups] }),
    };
    return await new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.connection.server),
        { method: method === "APPLY" ? "PATCH" : method, headers, agent: this.agent },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const isObject = text.startsWith("{");
            resolve({
              status: answer.statusCode ?? 0,
              body: isObject ? JSON.parse(text) : { message: text },
            });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** {@link call} that has to succeed. */
  async must(call: Call): Promise<Answer> {
    const answer = await this.call(call);
    if (answer.status >= 300) {
      throw new Error(
        `${call.method} ${call.path}: ${String(answer.status)} ${String(answer.body["message"])}`,
      );
    }
    return answer;
  }

  /** The path of a kind's collection. @throws if the API server doesn't know the kind. */
  async collection(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.plurals.get(`${group} ${kind}`);
    const plural = known ?? (await this.pluralOf(group, kind));
    this.plurals.set(`${group} ${kind}`, plural);
    return `${group}/${namespace === undefined ? "" : `namespaces/${namespace}/`}${plural}`;
  }

  private async pluralOf(group: string, kind: string): Promise<string> {
    const { body } = await this.must({ method: "GET", path: group });
    const found = (body["resources"] as { kind: string; name: string }[]).find(
      (each) => each.kind === kind && !each.name.includes("/"),
    );
    if (found === undefined) throw new Error(`the API server knows no ${group} ${kind}`);
    return found.name;
  }

  private run(program: string, words: readonly string[]): void {
    const log = openSync(join(this.layout.logs, "all.log"), "a");
    // Ends with this process, however that ends.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...words], {
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.children.push(child);
  }
}

const contentTypes: Partial<Record<Call["method"], string>> = {
  PATCH: "application/merge-patch+json",
  APPLY: "application/apply-patch+yaml",
};

function accepts(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
  });
}

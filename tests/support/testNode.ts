import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  dnsReference,
  ensureNode,
  inspectNode,
  layoutOf,
  pauseReference,
  prepareNode,
  removeNode,
  type NodeAccess,
  type NodeSpec,
} from "../../local/node";
import { ApiClient } from "../../local/node/apiClient";
import { cgroupsOfThisMachine, foldersOf, processesIn } from "../../local/node/cgroups";
import { plain, silent } from "../../local/progress";
import { eventually } from "./eventually";
import { makeTestFolder, removeTestFolder, type TestFolder } from "./testFolder";

/** As much of a pod as the tests look at. */
export interface Pod {
  readonly metadata?: { readonly uid?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly { readonly ready?: boolean }[];
  };
}

/** An embedded node of a test: a name and folders of its own, so that a developer's cluster is never touched. */
export class TestNode {
  private access: NodeAccess | undefined;
  private readonly children: ChildProcess[] = [];

  private constructor(
    private readonly own: TestFolder,
    readonly spec: NodeSpec,
  ) {}

  /** Prepares a node with the fewest images. Starts nothing but the removal of what killed test runs left. */
  static async create(changes: Partial<NodeSpec> = {}): Promise<TestNode> {
    const own = await makeTestFolder();
    const { name, folder } = own;
    const prepared = await prepareNode(name, {}, plain());
    const images = prepared.images.filter(({ reference }) =>
      [pauseReference, dnsReference].some((needed) => needed === reference),
    );
    const directory = join(folder, "node");
    mkdirSync(directory);
    return new TestNode(own, {
      ...prepared,
      directory,
      runDirectory: `/run/terp/${name}`,
      images,
      ...changes,
    });
  }

  get name(): string {
    return this.spec.name;
  }

  get layout() {
    return layoutOf(this.spec);
  }

  /** Raises or repairs it. */
  async up(): Promise<NodeAccess> {
    this.access = await ensureNode(this.spec, silent);
    return this.access;
  }

  /** How to reach it. @throws before the first {@link up}. */
  get reach(): NodeAccess {
    if (this.access === undefined) throw new Error("the node isn't up yet");
    return this.access;
  }

  inspect() {
    return inspectNode(this.spec);
  }

  async remove(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    await removeNode(this.spec);
    await removeTestFolder(this.own);
  }

  /** Applies an object at its path. */
  async apply(path: string, object: unknown): Promise<void> {
    const client = new ApiClient(this.reach.kubeconfig);
    try {
      await client.apply(path, object);
    } finally {
      client.close();
    }
  }

  /** Defines a kind of which objects without content can be made in namespaces. */
  async define(plural: string, group: string): Promise<void> {
    const kind = `${plural.charAt(0).toUpperCase()}${plural.slice(1, -1)}`;
    const name = `${plural}.${group}`;
    const schema = { openAPIV3Schema: { type: "object" } };
    await this.apply(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    });
  }

  /** A pod as the API server has it. */
  async readPod(namespace: string, name: string): Promise<Pod> {
    return (await this.read(`/api/v1/namespaces/${namespace}/pods/${name}`)) as Pod;
  }

  private async read(path: string): Promise<unknown> {
    const client = new ApiClient(this.reach.kubeconfig);
    try {
      const found = await client.get(path);
      if (found === undefined) throw new Error(`there is no ${path}`);
      return found;
    } finally {
      client.close();
    }
  }

  /** The process id in a program's pid file. */
  pidOf(program: string): number {
    const record = JSON.parse(readFileSync(join(this.layout.pids, `${program}.json`), "utf8")) as {
      pid: number;
    };
    return record.pid;
  }

  /** Every process in the node's cgroup. */
  processes(): readonly number[] {
    const cgroups = cgroupsOfThisMachine();
    return [...new Set(foldersOf(cgroups, this.layout.cgroup).flatMap((folder) => processesIn(folder)))];
  }

  /** A pod that does nothing; its network is used by {@link connects} and {@link listen}. */
  async pod(namespace: string, name: string, labels: Record<string, string> = {}): Promise<void> {
    await this.apply(`/api/v1/namespaces/${namespace}/pods/${name}`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels },
      spec: {
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        containers: [{ name: "main", image: pauseReference, imagePullPolicy: "Never" }],
      },
    });
  }

  /** A namespace in which pods can be made. */
  async namespace(name: string): Promise<void> {
    await this.apply(`/api/v1/namespaces/${name}`, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
    // Without its account no pod is admitted.
    await eventually(() => this.read(`/api/v1/namespaces/${name}/serviceaccounts/default`));
  }

  /** A pod's address, once it runs. */
  async addressOf(namespace: string, name: string): Promise<string> {
    return await eventually(async () => {
      const { status } = await this.readPod(namespace, name);
      if (status?.phase !== "Running" || status.podIP === undefined) {
        throw new Error(`pod ${namespace}/${name} doesn't run: ${JSON.stringify(status)}`);
      }
      return status.podIP;
    });
  }

  /** A process of a pod. */
  async processOf(namespace: string, name: string): Promise<number> {
    await this.addressOf(namespace, name);
    const { metadata } = await this.readPod(namespace, name);
    const group = `pod${metadata?.uid ?? ""}`;
    const folders = foldersOf(cgroupsOfThisMachine(), this.layout.cgroup).filter((each) =>
      each.includes(group),
    );
    const pid = folders.flatMap((folder) => processesIn(folder))[0];
    if (pid === undefined) throw new Error(`pod ${namespace}/${name} has no process`);
    return pid;
  }

  /** Whether a TCP connection from a pod's network is accepted within a second. */
  async connects(
    from: readonly [namespace: string, pod: string],
    address: string,
    port: number,
  ): Promise<boolean> {
    const program = `const s=require("net").connect({host:"${address}",port:${String(port)}});
      s.on("connect",()=>process.exit(0));s.on("error",()=>process.exit(1));setTimeout(()=>process.exit(1),1000)`;
    const child = spawn("nsenter", [...(await this.networkOf(from)), process.execPath, "-e", program], {
      stdio: "ignore",
    });
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code) => {
        resolve(code === 0);
      });
    });
  }

  /** Lets a pod's network answer at a port: it sends back what it gets. */
  async listen(at: readonly [namespace: string, pod: string], port: number): Promise<void> {
    const program = `require("net").createServer((s)=>{s.on("error",()=>{});s.pipe(s)}).listen(${String(port)},"0.0.0.0",()=>console.log("listens"))`;
    const child = spawn("nsenter", [...(await this.networkOf(at)), process.execPath, "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.children.push(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
  }

  /** Keeps a connection from a pod busy. @returns how often it has been answered so far. */
  async chat(
    from: readonly [namespace: string, pod: string],
    address: string,
    port: number,
  ): Promise<() => number> {
    const program = `const s=require("net").connect({host:"${address}",port:${String(port)}});
      s.on("error",()=>{});s.on("data",(d)=>process.stdout.write(d));setInterval(()=>s.write("."),50)`;
    const child = spawn("nsenter", [...(await this.networkOf(from)), process.execPath, "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.children.push(child);
    let answers = 0;
    child.stdout.on("data", (data: Buffer) => (answers += data.length));
    return () => answers;
  }

  private async networkOf([namespace, pod]: readonly [string, string]): Promise<string[]> {
    return [`--target=${String(await this.processOf(namespace, pod))}`, "--net", "--"];
  }
}

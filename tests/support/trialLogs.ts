import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { collectorNamespace, logsNamespace } from "../../components/logs/names";
import { images } from "../../infra/versions";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { layoutOf } from "../../local/node";
import { cgroupsOfThisMachine, foldersOf, processesIn } from "../../local/node/cgroups";
import { eventually } from "./eventually";
import type { TrialPlatform } from "./trialPlatform";

/** A request, sent as it is written. */
export interface LogRequest {
  readonly path: string;
  /** @default "GET" */
  readonly method?: string;
  /** @default none */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** @default none */
  readonly body?: string;
}

/** What came back; 0 where nothing did. */
export interface LogAnswer {
  readonly status: number;
  readonly body: string;
}

/** The parts of the logs that can be killed, and the namespace of each. */
const programs = { loki: logsNamespace, gateway: logsNamespace, collector: collectorNamespace } as const;
export type LogProgram = keyof typeof programs;

/** The logs of a trial's platform: who writes, who reads, and what dies in between. */
export class TrialLogs {
  private constructor(
    private readonly trial: TrialPlatform,
    private readonly api: KubeApi,
    private readonly credentials: ReadonlyMap<string, string>,
  ) {}

  static async of(trial: TrialPlatform): Promise<TrialLogs> {
    const api = await trial.api();
    const { data } = JSON.parse(await api.text(`/api/v1/namespaces/${logsNamespace}/secrets/gateway`)) as {
      data: Record<string, string>;
    };
    const text = Buffer.from(data["caddy.json"] ?? "", "base64").toString();
    const known = [...text.matchAll(/"input":"([^"]*)","outputs":\["([^"]*)","([^"]*)"\]/g)];
    return new TrialLogs(
      trial,
      api,
      new Map(known.map(([, input = "", tenant = "", right = ""]) => [`${right} ${tenant}`, input])),
    );
  }

  async close(): Promise<void> {
    await this.api.close();
  }

  /** What a tenant's client sends as `Authorization`. */
  authorization(tenant: string, right: "read" | "write"): string {
    const found = this.credentials.get(`${right} ${tenant}`);
    if (found === undefined)
      throw new Error(`the gateway knows no credential by which ${tenant} may ${right}`);
    return found;
  }

  /** What the gateway answers, asked from its own network: no policy is in the way. */
  async ask(requests: readonly LogRequest[]): Promise<readonly LogAnswer[]> {
    return askFrom(await this.processOf("gateway"), { host: "127.0.0.1", port: 8080 }, requests);
  }

  /** A tenant's lines from one pod, in the order of their time, as many times as Loki gives each. */
  async lines(tenant: string, pod: string, since: number): Promise<string[]> {
    const found: [time: string, line: string][] = [];
    const query = encodeURIComponent(`{k8s_pod_name="${pod}"}`);
    const headers = { Authorization: this.authorization(tenant, "read") };
    for (let start = `${String(since)}000000`; ;) {
      const range = `start=${start}&end=${String(Date.now() + 60_000)}000000&direction=forward&limit=5000`;
      const [answer] = await this.ask([
        { path: `/loki/api/v1/query_range?query=${query}&${range}`, headers },
      ]);
      if (answer?.status !== 200)
        throw new Error(`Loki answered ${String(answer?.status)}: ${String(answer?.body)}`);
      const { data } = JSON.parse(answer.body) as {
        data: { result: { values: [time: string, line: string][] }[] };
      };
      const page = data.result
        .flatMap(({ values }) => values)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      found.push(...page);
      const last = page.at(-1);
      if (page.length < 5000 || last === undefined) return found.map(([, line]) => line);
      start = String(BigInt(last[0]) + 1n);
    }
  }

  /** A pod of a tenant's that writes numbered lines, a few thousand a second, and stays. */
  async write(namespace: string, pod: string, lines: number): Promise<void> {
    const script = `for ((i = 0; i < ${String(lines)}; i++)); do echo "line $i of ${pod} ${"x".repeat(80)}"; ((i % 250)) || sleep 0.1; done; sleep 3600`;
    await this.api.post(`/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name: pod },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 0,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "writer",
            image: images.gitea,
            imagePullPolicy: "Never",
            command: ["/bin/bash", "-c", script],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    });
    await eventually(() => this.processIn(namespace, pod));
  }

  /** Kills a program as a fault would, and waits until another runs in its place. */
  async kill(program: LogProgram): Promise<void> {
    const killed = await this.processOf(program);
    process.kill(killed, "SIGKILL");
    await eventually(async () => {
      if ((await this.processOf(program)) === killed) throw new Error(`${program} still dies`);
    });
  }

  processOf(program: LogProgram): Promise<number> {
    return eventually(() => this.processIn(programs[program], program));
  }

  /** A container's process of a pod whose name begins so; the one that holds the pod's namespaces isn't it. */
  async processIn(namespace: string, beginning: string): Promise<number> {
    const pod = await this.podIn(namespace, beginning);
    const { name, paths } = { name: this.trial.stack, paths: this.trial.paths };
    const layout = layoutOf({ name, directory: paths.node, runDirectory: paths.run });
    const ofPod = foldersOf(cgroupsOfThisMachine(), layout.cgroup).filter((folder) =>
      folder.includes(`pod${String(pod.metadata["uid"])}`),
    );
    const found = ofPod.flatMap(processesIn).find((pid) => !commandOf(pid).includes("pause"));
    if (found === undefined) throw new Error(`${namespace}/${pod.metadata.name} has no process`);
    return found;
  }

  /** A running pod's address. */
  async addressOf(program: LogProgram): Promise<string> {
    return String((await this.podIn(programs[program], program)).status["podIP"]);
  }

  private async podIn(namespace: string, beginning: string): Promise<KubeObject> {
    const pods = await this.api.list(`/api/v1/namespaces/${namespace}/pods`);
    const pod = pods.find(
      ({ metadata }) => metadata.name.startsWith(beginning) && metadata["deletionTimestamp"] === undefined,
    );
    if (pod === undefined) throw new Error(`there is no pod ${namespace}/${beginning}`);
    return pod;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0")[0] ?? "pause";
  } catch {
    return "pause";
  }
}

/** Sends requests from a process's network, one after the other, their paths as they are written. */
async function askFrom(
  pid: number,
  { host, port }: { readonly host: string; readonly port: number },
  requests: readonly LogRequest[],
): Promise<readonly LogAnswer[]> {
  const program = `
    const http = require("node:http");
    let input = "";
    process.stdin.on("data", (data) => (input += data)).on("end", async () => {
      const answers = [];
      for (const { path, method, headers, body } of JSON.parse(input)) {
        answers.push(await new Promise((resolve) => {
          const request = http.request({ host: ${JSON.stringify(host)}, port: ${String(port)}, path, method, headers, timeout: 10000 }, (answer) => {
            let text = "";
            answer.on("data", (data) => (text += data)).on("end", () => resolve({ status: answer.statusCode, body: text }));
          });
          request.on("error", () => resolve({ status: 0, body: "" })).on("timeout", () => request.destroy());
          request.end(body);
        }));
      }
      process.stdout.write(JSON.stringify(answers), () => process.exit(0));
    });`;
  const child = spawn(
    "nsenter",
    [`--target=${String(pid)}`, "--net", "--", process.execPath, "-e", program],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  child.stdin.end(JSON.stringify(requests));
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return JSON.parse(output) as readonly LogAnswer[];
}

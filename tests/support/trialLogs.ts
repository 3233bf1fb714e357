import { readFileSync } from "node:fs";
import type { Summary } from "../../cli/status/summary";
import { collectorNamespace, logsNamespace } from "../../components/logs/names";
import { images } from "../../infra/versions";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { layoutOf } from "../../local/node";
import { cgroupsOfThisMachine, foldersOf, processesIn } from "../../local/node/cgroups";
import { askFrom, type LogAnswer, type LogRequest } from "./askFrom";
import { eventually } from "./eventually";
import type { TrialPlatform } from "./trialPlatform";

/** The parts of the logs that can be killed, and the namespace of each. */
const programs = { loki: logsNamespace, gateway: logsNamespace, collector: collectorNamespace } as const;
export type LogProgram = keyof typeof programs;

/** For how long lines may be on their way: a kubelet waits minutes with a container that has ended some times. */
const patience = 600_000;

const tenants = `  return [
    new TenantComponent("team-blue", { platform, namespaces: ["app"] }, options),
    new TenantComponent("team-green", { platform, namespaces: ["app"] }, options),
  ];`;

/** The logs of a trial's platform: who writes, who reads, and what dies in between. */
export class TrialLogs {
  private constructor(
    private readonly trial: TrialPlatform,
    private readonly api: KubeApi,
    private readonly credentials: ReadonlyMap<string, string>,
  ) {}

  /** Raises a trial's platform with logs and two tenants, `team-blue` and `team-green`. */
  static async raise(trial: TrialPlatform): Promise<{ readonly logs: TrialLogs; readonly raised: Summary }> {
    await trial.edit("stacks/tenants.ts", (text) => text.replace(/^ {2}return \[[\s\S]*?^ {2}\];/m, tenants));
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}  terp:logs: {}\n`);
    const raised = await trial.ask<Summary>("up");
    return { logs: await TrialLogs.of(trial), raised };
  }

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
    return (await askFrom(await this.processOf("gateway"), 8080, requests)).answers;
  }

  /**
   * Pushes straight to Loki, from its own network.
   *
   * @param atATime How many requests are under way together.
   * @returns how long all of them took, in milliseconds.
   * @throws where Loki refuses one.
   */
  async push(requests: readonly LogRequest[], atATime: number): Promise<number> {
    const { answers, milliseconds } = await askFrom(await this.processOf("loki"), 3100, requests, atATime);
    const refused = answers.find(({ status }) => status >= 300 || status === 0);
    if (refused) throw new Error(`Loki answered ${String(refused.status)}: ${refused.body}`);
    return milliseconds;
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

  /**
   * How many lines of a pod's Loki counts.
   *
   * @param after The time after which lines count, in milliseconds since 1970.
   * @param to The last time that counts.
   */
  async count(tenant: string, pod: string, after: number, to: number): Promise<number> {
    const query = `sum(count_over_time({k8s_pod_name="${pod}"} |= "line " [${String(to - after)}ms]))`;
    const [answer] = await this.ask([
      {
        path: `/loki/api/v1/query?query=${encodeURIComponent(query)}&time=${String(to)}000000`,
        headers: { Authorization: this.authorization(tenant, "read") },
      },
    ]);
    if (answer?.status !== 200)
      throw new Error(`Loki answered ${String(answer?.status)}: ${String(answer?.body)}`);
    const { data } = JSON.parse(answer.body) as {
      data: { result: { value: [time: number, count: string] }[] };
    };
    return Number(data.result[0]?.value[1] ?? 0);
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

  /**
   * Has a new pod of a tenant's write numbered lines, and kills collector, Loki and gateway in between.
   *
   * @param rounds How often each is killed; the collector once more.
   * @returns every line that Loki gives, as often as it does, as soon as there are as many different ones.
   */
  async writeThroughKills(tenant: string, lines: number, rounds: number): Promise<readonly string[]> {
    const begin = Date.now();
    const [namespace, pod] = [`${tenant}-app`, `${tenant}-writer`];
    await this.write(namespace, pod, lines);
    for (let round = 0; round < rounds; round += 1)
      for (const program of ["collector", "loki", "gateway"] as const) await this.kill(program);
    await this.kill("collector");
    return eventually(async () => {
      const all = await this.lines(tenant, pod, begin);
      const found = new Set(all).size;
      if (found < lines) throw new Error(`${String(found)} of ${String(lines)} lines`);
      return all;
    }, patience);
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

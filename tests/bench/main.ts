import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { operate } from "../../cli/engine/operations";
import type { Stack } from "../../cli/engine/stack";
import type { Summary } from "../../cli/status/summary";
import { table } from "../../cli/ui/table";
import { node } from "../../cli/lazy";
import { removeNode } from "../../local/node";
import { duration } from "../../local/progress";
import { TenantRepository } from "../support/tenantRepository";
import { TrialPlatform } from "../support/trialPlatform";
import { memoryOf } from "./memory";
import { manifestOf } from "./objects";

const run = promisify(execFile);
const usage = `npm run bench -- [--tenants 1,10,50] [--cold]
Measures on a platform of its own, from one run, side by side: the start by step; pulumi up and a preview without changes for so
many tenants against kubectl apply --server-side of the same objects; from push to applied; memory of the embedded cluster; from a
lost cluster to the application's answer.
--cold begins with an empty toolchain cache (TERP_CACHE and GOCACHE), which takes many minutes.`;

function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

function section(title: string, rows: readonly (readonly string[])[]): void {
  say();
  say(title);
  for (const line of table(rows)) say(line);
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - start };
}

const phase = (summary: Summary, title: string): number =>
  summary.timings.find((each) => each.title === title)?.milliseconds ?? 0;

/** The trial's stack as the engine takes it. */
async function stackOf(trial: TrialPlatform): Promise<Stack> {
  const answer = await trial.terp("env", "--json");
  const changes = JSON.parse(answer.standardOutput) as Record<string, string | null>;
  const environment: NodeJS.ProcessEnv = { ...trial.environment };
  for (const [name, value] of Object.entries(changes)) environment[name] = value ?? undefined;
  return {
    name: trial.stack,
    project: "terp",
    folder: trial.project,
    paths: trial.paths,
    embedded: true,
    environment,
    plugins: [],
    signal: new AbortController().signal,
  };
}

const mark = "// tenants of the measurement";

/** The source of the list of tenants with these beside team-blue. */
function withTenants(source: string, names: readonly string[]): string {
  const clean = source
    .split("\n")
    .filter((line) => !line.endsWith(mark))
    .join("\n");
  if (names.length === 0) return clean;
  const list = names.map((name) => `"${name}"`).join(", ");
  const line = `...[${list}].map((name) => new TenantComponent(name, { platform, namespaces: ["app"] }, options)), ${mark}`;
  return clean.replace(/^ {2}\];$/m, `    ${line}\n  ];`);
}

async function setTenants(trial: TrialPlatform, names: readonly string[]): Promise<void> {
  await trial.edit("stacks/tenants.ts", (source) => withTenants(source, names));
}

async function measurePush(trial: TrialPlatform, summary: Summary): Promise<string[][]> {
  const [tenant] = summary.tenants;
  const url = tenant === undefined ? undefined : summary.repositories[tenant.tenant];
  if (tenant === undefined || url === undefined) return [];
  const repository = await TenantRepository.clone(trial, url);
  const api = await trial.api();
  const times: number[] = [];
  try {
    for (let count = 0; count < 5; count += 1) {
      await repository.write("note.txt", String(count));
      const commit = await repository.push(`measurement ${String(count)}`);
      const { milliseconds } = await timed(async () => {
        for (;;) {
          const path = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations";
          const all = await api.list(path);
          if (all.some((each) => String(each.status["lastAppliedRevision"]).includes(commit))) return;
          await sleep(100);
        }
      });
      times.push(milliseconds);
    }
  } finally {
    await api.close();
    await repository.remove();
  }
  times.sort((one, other) => one - other);
  return [
    ["from push to applied, middle of five", duration(times[2] ?? 0)],
    ["the longest", duration(times[4] ?? 0)],
  ];
}

/** From a platform that lost its cluster, and from one that lost its state too. */
async function measureRecovery(trial: TrialPlatform): Promise<string[][]> {
  const lose = () =>
    removeNode({ name: trial.stack, directory: trial.paths.node, runDirectory: trial.paths.run });
  const answered = async (): Promise<string> => {
    const { result, milliseconds } = await timed(() => trial.ask<Summary>("up"));
    return /decrypted/.test(result.answer?.body ?? "") ? duration(milliseconds) : "no answer";
  };
  await lose();
  const cluster = await answered();
  await lose();
  await rm(trial.paths.state, { recursive: true });
  return [
    ["after the cluster was lost", cluster],
    ["after cluster and state were lost", await answered()],
  ];
}

interface Scale {
  readonly tenants: number;
  readonly up: number;
  readonly preview: number;
  readonly again: number;
  readonly removal: number;
  readonly resources: number;
  readonly manifest: string;
}

async function measureScale(trial: TrialPlatform, tenants: number): Promise<Scale> {
  const names = Array.from({ length: tenants }, (_, index) => `load-${String(index + 1).padStart(3, "0")}`);
  await setTenants(trial, names);
  const raised = await trial.ask<Summary>("up");
  const state = await trial.state();
  const stack = await stackOf(trial);
  const preview = await timed(() => operate(stack, { kind: "preview" }, () => undefined));
  const again = await trial.ask<Summary>("up");
  await setTenants(trial, []);
  const removed = await trial.ask<Summary>("up", "--remove-tenant", ...names);
  return {
    tenants,
    up: phase(raised, "pulumi up"),
    preview: preview.milliseconds,
    again: phase(again, "pulumi up"),
    removal: phase(removed, "pulumi up"),
    resources: state?.resources.length ?? 0,
    manifest:
      state === undefined
        ? ""
        : manifestOf(state, (text) =>
            text.replaceAll("load-", "kube-load-").replaceAll("team-blue", "kube-blue"),
          ),
  };
}

async function measureKubectl(
  trial: TrialPlatform,
  manifest: string,
): Promise<{ first: number; second: number }> {
  const folder = await mkdtemp(join(trial.folder, "kubectl-"));
  const file = join(folder, "objects.json");
  await writeFile(file, manifest);
  const kubeconfig = (await trial.terp("kubeconfig")).standardOutput.trim();
  const { environment } = await stackOf(trial);
  const options = { env: { ...environment, KUBECONFIG: kubeconfig }, maxBuffer: 1 << 26 };
  const apply = () =>
    run("kubectl", ["apply", "--server-side", "--field-manager=bench", "-f", file], options);
  const first = await timed(apply);
  const second = await timed(apply);
  await run("kubectl", ["delete", "--wait=true", "-f", file], options);
  return { first: first.milliseconds, second: second.milliseconds };
}

async function measureTheNext(trial: TrialPlatform, tenants: number): Promise<number> {
  const names = Array.from({ length: tenants }, (_, index) => `next-${String(index + 1).padStart(3, "0")}`);
  await setTenants(trial, names);
  await trial.ask<Summary>("up");
  await setTenants(trial, [...names, "one-more"]);
  return phase(await trial.ask<Summary>("up"), "pulumi up");
}

async function bench(trial: TrialPlatform, sizes: readonly number[], cold: boolean): Promise<void> {
  say(
    `${String(cpus().length)} cores, ${cpus()[0]?.model ?? "unknown"}; only ratios within one run carry over`,
  );
  const start = await timed(() => trial.ask<Summary>("up"));
  const again = await timed(() => trial.ask<Summary>("up"));
  section(cold ? "Cold start" : "Warm start (the tools are there)", [
    ...start.result.timings.map((each) => [each.title, duration(each.milliseconds)]),
    ["command to prompt", duration(start.milliseconds)],
    ["the same command again, nothing to do", duration(again.milliseconds)],
  ]);
  section("The tenant's way", await measurePush(trial, start.result));
  const layout = node().layoutOf({
    name: trial.stack,
    directory: trial.paths.node,
    runDirectory: trial.paths.run,
  });
  const memory = await memoryOf(`/${layout.cgroup.replace(/^\//, "")}`);
  const mebibytes = (bytes: number): string => `${String(Math.round(bytes / 2 ** 20))} MiB`;
  section("Memory of the embedded cluster with the platform and one tenant", [
    ["together", mebibytes(memory.proportional), `${String(memory.processes)} processes`],
    ...memory.programs.slice(0, 12).map(([name, bytes]) => [name, mebibytes(bytes)]),
  ]);
  section("To the application's answer with its old secret", await measureRecovery(trial));
  // Looking at fifty repositories every two seconds would be all that this machine does: as dev and prd have it.
  await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => text.replace(/interval: .*$/m, "interval: 1m"));
  await trial.ask<Summary>("up");
  const scales: Scale[] = [];
  for (const size of sizes) {
    const scale = await measureScale(trial, size);
    const { up, preview, again } = scale;
    say(
      `${String(size)} tenants: up ${duration(up)}, preview ${duration(preview)}, again ${duration(again)}`,
    );
    scales.push(scale);
  }
  const rows: string[][] = [];
  for (const scale of scales) {
    const kubectl = await measureKubectl(trial, scale.manifest);
    const ratio = (one: number, other: number): string => `${(one / other).toFixed(1)}×`;
    rows.push([
      `${String(scale.tenants)} (${String(scale.resources)} resources)`,
      duration(scale.up),
      duration(kubectl.first),
      ratio(scale.up, kubectl.first),
      duration(scale.preview),
      duration(scale.again),
      duration(kubectl.second),
      ratio(scale.preview, kubectl.second),
      duration(scale.removal),
    ]);
  }
  const head = [
    "tenants from none",
    "pulumi up",
    "kubectl apply",
    "ratio",
    "preview, no change",
    "up, no change",
    "kubectl again",
    "ratio",
    "removal",
  ];
  section("Many tenants against kubectl apply --server-side of the same objects", [head, ...rows]);
  const largest = Math.max(...sizes);
  const next = await measureTheNext(trial, largest);
  section(`One more tenant beside ${String(largest)}`, [["pulumi up", duration(next)]]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { tenants: { type: "string" }, cold: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    say(usage);
    return;
  }
  const sizes = (values.tenants ?? "1,10,50").split(",").map(Number);
  const trial = await TrialPlatform.create();
  if (values.cold === true) {
    process.env["TERP_CACHE"] = join(trial.folder, "cache");
    process.env["GOCACHE"] = join(trial.folder, "go");
  }
  try {
    await bench(trial, sizes, values.cold === true);
  } finally {
    await trial.remove();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});

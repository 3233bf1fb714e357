import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import type { Summary } from "../../cli/status/summary";
import { table } from "../../cli/ui/table";
import { removeNode } from "../../local/node";
import { duration } from "../../local/progress";
import { TenantRepository } from "../support/tenantRepository";
import { onATrial, type TrialPlatform } from "../support/trialPlatform";
import { measureEngines } from "./engines";
import { logsTitle, measureLogs } from "./logs";
import { measurePreviews } from "./previews";
import { measureRoute } from "./route";
import {
  clusterMemory,
  costRows,
  growthRows,
  measureScale,
  mebibytes,
  setTenants,
  type Scale,
} from "./scale";
import { phase, stackOf, timed } from "./trial";

const run = promisify(execFile);
const usual = [1, 10, 50];
const usage = `npm run bench -- [--tenants 1,10,50] [--large] [--cold] [--only tenants|services|previews|engines]
Measures on a platform of its own, from one run, side by side: the start by step; pulumi up and a preview without changes for so
many tenants against kubectl apply --server-side of the same objects; from push to applied; memory of the embedded cluster; from a
lost cluster to the application's answer; what each number of tenants costs, and how that grows;
from an HTTPRoute to the first answer over TLS; lines a second through collector and gateway, and straight to Loki; previews of dev
and prd, beside a program with the same resources;
Flux and Argo CD, each with a tenant of one platform: from push to applied, 50 applications from nothing, memory.
--only tenants measures nothing but what each number of tenants costs, --only services the route and the lines, --only previews and
--only engines one of the last two.
--large goes on to 200 tenants.
--cold begins with an empty toolchain cache (TERP_CACHE and GOCACHE), which takes many minutes.`;

const previews = "Previews of environments on Azure, by stand-ins, from an empty state";
const engines = "Flux and Argo CD beside each other, each with a tenant";

function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

function section(title: string, rows: readonly (readonly string[])[]): void {
  say();
  say(title);
  for (const line of table(rows)) say(line);
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
  await run("kubectl", ["delete", "--wait=true", "--ignore-not-found", "-f", file], options);
  return { first: first.milliseconds, second: second.milliseconds };
}

async function measureTheNext(
  trial: TrialPlatform,
  tenants: number,
): Promise<{ readonly names: readonly string[]; readonly milliseconds: number }> {
  const names = Array.from({ length: tenants }, (_, index) => `next-${String(index + 1).padStart(3, "0")}`);
  await setTenants(trial, names);
  await trial.ask<Summary>("up");
  const all = [...names, "one-more"];
  await setTenants(trial, all);
  return { names: all, milliseconds: phase(await trial.ask<Summary>("up"), "pulumi up") };
}

/** What the services do, on a platform with one tenant. */
async function benchServices(trial: TrialPlatform): Promise<void> {
  await trial.ask<Summary>("up");
  section(logsTitle, await measureLogs(trial));
  section("Through the gateway", await measureRoute(trial));
}

/** What each number of tenants costs, beside kubectl. */
async function benchTenants(trial: TrialPlatform, sizes: readonly number[]): Promise<void> {
  const scales: Scale[] = [];
  for (const size of sizes) {
    scales.push(await measureScale(trial, size, say));
  }
  section("What tenants cost", costRows(scales));
  section("How it grows", growthRows(scales));
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
  const memory = await clusterMemory(trial);
  section("Memory of the embedded cluster with the platform and one tenant", [
    ["together", mebibytes(memory.proportional), `${String(memory.processes)} processes`],
    ...memory.programs.slice(0, 12).map(([name, bytes]) => [name, mebibytes(bytes)]),
  ]);
  section("To the application's answer with its old secret", await measureRecovery(trial));
  await benchTenants(trial, sizes);
  const largest = Math.max(...sizes);
  const next = await measureTheNext(trial, largest);
  section(`One more tenant beside ${String(largest)}`, [["pulumi up", duration(next.milliseconds)]]);
  // Last, because each tenant has more to it with a gateway.
  section("Through the gateway, beside as many", await measureRoute(trial));
  // A tenant's part of the volume bounds how fast its lines come in.
  await setTenants(trial, []);
  await trial.ask<Summary>("up", "--remove-tenant", ...next.names);
  section(logsTitle, await measureLogs(trial));
}

async function benchPreviews(): Promise<void> {
  section(previews, await measurePreviews());
}

async function benchEngines(): Promise<void> {
  section(engines, await measureEngines());
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenants: { type: "string" },
      large: { type: "boolean" },
      cold: { type: "boolean" },
      only: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    say(usage);
    return;
  }
  const named = values.tenants?.split(",").map(Number) ?? usual;
  const sizes = values.large === true ? [...named, 200] : named;
  switch (values.only) {
    case "previews":
      await benchPreviews();
      return;
    case "engines":
      await benchEngines();
      return;
    case "services":
      await onATrial(benchServices);
      return;
    case "tenants":
      await onATrial(async (trial) => {
        await trial.ask<Summary>("up");
        await benchTenants(trial, sizes);
      });
      return;
    case undefined:
      break;
    default:
      throw new Error(`--only: got "${values.only}", expected tenants, services, previews or engines`);
  }
  await onATrial(async (trial) => {
    if (values.cold === true) {
      process.env["TERP_CACHE"] = join(trial.folder, "cache");
      process.env["GOCACHE"] = join(trial.folder, "go");
    }
    await bench(trial, sizes, values.cold === true);
  });
  await benchPreviews();
  await benchEngines();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { linesOfRequest } from "../../components/logs/collectorConfiguration";
import { logsNamespace } from "../../components/logs/names";
import { layoutOf } from "../../local/node";
import { otlpRequest, type OtlpLine } from "../support/otlpLogs";
import { TrialLogs, type LogProgram } from "../support/trialLogs";
import type { TrialPlatform } from "../support/trialPlatform";

const tenant = "team-blue";
const lines = 300_000;
const programs: readonly LogProgram[] = ["collector", "gateway", "loki"];

/** What the rows are about: each side carries the same lines with the same labels. */
export const logsTitle = `Lines of ${tenant}'s, ${String(lines)} of some 100 bytes, until the last can be read.
Straight: by OpenTelemetry's protocol to Loki, ${String(linesOfRequest)} lines a request, made beforehand and kept in memory.
Through: in a file of a container's on the node; the collector reads, parses and stores them, and sends them by the gateway.`;

/** A container's folder of lines, and what is known from its path. */
interface ContainerFolder {
  readonly path: string;
  readonly source: Readonly<Record<string, string>>;
}

/** Lines a second through collector and gateway, and straight to Loki. The platform gets logs for it, if it has none. */
export async function measureLogs(trial: TrialPlatform): Promise<string[][]> {
  const api = await trial.api();
  const namespaces = await api.list("/api/v1/namespaces").finally(() => api.close());
  if (!namespaces.some(({ metadata }) => metadata.name === logsNamespace)) {
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}  terp:logs: {}\n`);
    await trial.ask("up");
  }
  const logs = await TrialLogs.of(trial);
  try {
    const folder = containerFolder(trial);
    const straight = await pushed(logs, folder, 1);
    const together = await pushed(logs, folder, 2);
    const through = await collected(logs, folder);
    const row = (what: string, { seconds, costs }: Measured): string[] => [
      what,
      String(Math.round(lines / seconds)),
      (straight.seconds / seconds).toFixed(2),
      (together.seconds / seconds).toFixed(2),
      ...programs.map((program) => ((costs.get(program) ?? 0) / lines).toFixed(1)),
    ];
    return [
      ["", "lines a second", "of straight", "of two", ...programs.map((program) => `${program}, µs a line`)],
      row("straight to Loki, one request after the other", straight),
      row("straight to Loki, two at a time", together),
      row("through collector and gateway", through),
    ];
  } finally {
    await logs.close();
  }
}

interface Measured {
  readonly seconds: number;
  /** Processor time of each program, in microseconds. */
  readonly costs: ReadonlyMap<LogProgram, number>;
}

/** The folder of the sample application's container. */
function containerFolder(trial: TrialPlatform): ContainerFolder {
  const { paths, stack } = trial;
  const { podLogs } = layoutOf({ name: stack, directory: paths.node, runDirectory: paths.run });
  const pod = readdirSync(podLogs).find((name) => name.startsWith(`${tenant}-app_podinfo`));
  const [namespace = "", name = "", uid = ""] = pod?.split("_") ?? [];
  const [container = ""] = readdirSync(join(podLogs, pod ?? ""));
  return {
    path: join(podLogs, pod ?? "", container),
    source: {
      "k8s.namespace.name": namespace,
      "k8s.pod.name": name,
      "k8s.pod.uid": uid,
      "k8s.container.name": container,
    },
  };
}

/** Numbered lines, a millisecond apart, the last of them now. */
function numbered(): readonly OtlpLine[] {
  const begin = Date.now() - lines;
  return Array.from({ length: lines }, (_, index) => ({
    time: begin + index,
    text: `line ${String(index)} ${"x".repeat(90)}`,
    attributes: { "log.iostream": "stdout" },
  }));
}

/** As somebody would do it who had nothing but lines and Loki. */
async function pushed(logs: TrialLogs, { source }: ContainerFolder, atATime: number): Promise<Measured> {
  const pod = `pushed-${String(atATime)}`;
  const labelled = { ...source, "k8s.pod.name": pod, "k8s.container.restart_count": "0" };
  const all = numbered();
  const requests = Array.from({ length: lines / linesOfRequest }, (_, index) => ({
    path: "/otlp/v1/logs",
    method: "POST",
    headers: { "Content-Type": "application/x-protobuf", "X-Scope-OrgID": tenant },
    body: otlpRequest({
      source: labelled,
      lines: all.slice(index * linesOfRequest, (index + 1) * linesOfRequest),
    }),
  }));
  let milliseconds = 0;
  const costs = await costsOf(logs, async () => {
    milliseconds = await logs.push(requests, atATime);
  });
  await holdAll(logs, pod, all);
  return { seconds: milliseconds / 1000, costs };
}

/** As the platform does it. The file lies ready beside, so that writing it isn't measured. */
async function collected(logs: TrialLogs, { path, source }: ContainerFolder): Promise<Measured> {
  const all = numbered();
  const hidden = join(path, "measured");
  const written = all.map(({ time, text }) => `${timeOf(time)} stdout F ${text}\n`).join("");
  writeFileSync(hidden, written);
  const pod = source["k8s.pod.name"] ?? "";
  const last = all.at(-1)?.time ?? 0;
  const start = performance.now();
  const costs = await costsOf(logs, async () => {
    renameSync(hidden, join(path, "9.log"));
    while ((await logs.count(tenant, pod, last - 1, last)) === 0) await sleep(250);
  });
  const seconds = (performance.now() - start) / 1000;
  await holdAll(logs, pod, all);
  return { seconds, costs };
}

/** Throws where lines are missing: then nothing was measured. */
async function holdAll(logs: TrialLogs, pod: string, all: readonly OtlpLine[]): Promise<void> {
  const [first, last] = [all[0]?.time ?? 0, all.at(-1)?.time ?? 0];
  for (let left = 20; left > 0; left -= 1) {
    if ((await logs.count(tenant, pod, first - 1, last)) >= all.length) return;
    await sleep(500);
  }
  throw new Error(`Loki doesn't have all ${String(all.length)} lines of ${pod}`);
}

/** What programs spend of processor time on some work. */
async function costsOf(logs: TrialLogs, work: () => Promise<void>): Promise<ReadonlyMap<LogProgram, number>> {
  const processes = await Promise.all(
    programs.map(async (program) => [program, await logs.processOf(program)] as const),
  );
  const before = processes.map(([, pid]) => processorTime(pid));
  await work();
  return new Map(
    processes.map(([program, pid], place) => [program, processorTime(pid) - (before[place] ?? 0)]),
  );
}

/** Microseconds of user and system time: Linux counts hundredths of a second. */
function processorTime(pid: number): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")[1]
      ?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** A time as a container runtime writes it before a line. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000000Z");
}

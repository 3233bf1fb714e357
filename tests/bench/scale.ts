import { operate } from "../../cli/engine/operations";
import type { Summary } from "../../cli/status/summary";
import { node } from "../../cli/lazy";
import { duration } from "../../local/progress";
import type { TrialPlatform } from "../support/trialPlatform";
import { memoryOf, type Memory } from "./memory";
import { manifestOf } from "./objects";
import { phase, stackOf, timed } from "./trial";

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

/** Has the trial's program list these tenants beside team-blue. */
export async function setTenants(trial: TrialPlatform, names: readonly string[]): Promise<void> {
  await trial.edit("stacks/tenants.ts", (source) => withTenants(source, names));
}

/** The memory of all processes of the trial's embedded cluster. */
export async function clusterMemory(trial: TrialPlatform): Promise<Memory> {
  const layout = node().layoutOf({
    name: trial.stack,
    directory: trial.paths.node,
    runDirectory: trial.paths.run,
  });
  return memoryOf(`/${layout.cgroup.replace(/^\//, "")}`);
}

/** Bytes for a person. */
export function mebibytes(bytes: number): string {
  return `${String(Math.round(bytes / 2 ** 20))} MiB`;
}

/** What a number of tenants costs; times in milliseconds. */
export interface Scale {
  readonly tenants: number;
  /** `pulumi up` of all of them, from none. */
  readonly up: number;
  /** From its end until Flux has applied every repository. */
  readonly reconcile: number;
  readonly preview: number;
  readonly again: number;
  readonly removal: number;
  /** Of the embedded cluster, in bytes. */
  readonly memory: number;
  readonly resources: number;
  /** The tenants' objects, for kubectl. */
  readonly manifest: string;
}

/**
 * Raises so many tenants beside team-blue, and takes them away again with `--remove-tenant`.
 *
 * @param tell Told of each figure as soon as it is there.
 */
export async function measureScale(
  trial: TrialPlatform,
  tenants: number,
  tell: (line: string) => void,
): Promise<Scale> {
  const told = (what: string, milliseconds: number): void => {
    tell(`${String(tenants)} tenants: ${what} ${duration(milliseconds)}`);
  };
  const names = Array.from({ length: tenants }, (_, index) => `load-${String(index + 1).padStart(3, "0")}`);
  await setTenants(trial, names);
  const raised = await trial.ask<Summary>("up");
  told("up", phase(raised, "pulumi up"));
  told("until applied", phase(raised, "tenants"));
  const { proportional } = await clusterMemory(trial);
  tell(`${String(tenants)} tenants: memory ${mebibytes(proportional)}`);
  const state = await trial.state();
  const stack = await stackOf(trial);
  const preview = await timed(() => operate(stack, { kind: "preview" }, () => undefined));
  told("preview", preview.milliseconds);
  const again = await trial.ask<Summary>("up");
  told("up again", phase(again, "pulumi up"));
  await setTenants(trial, []);
  const removed = await trial.ask<Summary>("up", "--remove-tenant", ...names);
  told("removal", phase(removed, "pulumi up"));
  return {
    tenants,
    up: phase(raised, "pulumi up"),
    reconcile: phase(raised, "tenants"),
    preview: preview.milliseconds,
    again: phase(again, "pulumi up"),
    removal: phase(removed, "pulumi up"),
    memory: proportional,
    resources: state?.resources.length ?? 0,
    manifest:
      state === undefined
        ? ""
        : manifestOf(state, (text) =>
            text.replaceAll("load-", "kube-load-").replaceAll("team-blue", "kube-blue"),
          ),
  };
}

const costs = [
  ["pulumi up", "up", duration],
  ["until applied", "reconcile", duration],
  ["preview, no change", "preview", duration],
  ["removal", "removal", duration],
  ["memory", "memory", mebibytes],
] as const;

/** What each number of tenants costs, as the rows of a table. */
export function costRows(scales: readonly Scale[]): readonly (readonly string[])[] {
  return [
    ["tenants from none", ...costs.map(([title]) => title)],
    ...scales.map((scale) => [
      String(scale.tenants),
      ...costs.map(([, name, written]) => written(scale[name])),
    ]),
  ];
}

/** What one more tenant costs between each number of tenants and the next, as the rows of a table. */
export function growthRows(scales: readonly Scale[]): readonly (readonly string[])[] {
  const steps = scales.slice(1).map((scale, index) => [scales[index] ?? scale, scale] as const);
  return [
    ["each tenant more", ...costs.map(([title]) => title)],
    ...steps.map(([from, to]) => [
      `from ${String(from.tenants)} to ${String(to.tenants)}`,
      ...costs.map(([, name, written]) => {
        const each = (to[name] - from[name]) / (to.tenants - from.tenants);
        return each < 0 ? "none" : written(each);
      }),
    ]),
  ];
}

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { folders } from "./machine";
import type { ScenarioRecord } from "./types";

/** The names of all scenarios in order, e.g. `14-wait-deployment`. */
export function scenarioNames(): string[] {
  const files = readdirSync(folders.scenarios).filter((file) => file.endsWith(".js"));
  return files.map((file) => path.basename(file, ".js")).sort();
}

/** What the official plugins did in a scenario. */
export function expectedRecord(name: string): ScenarioRecord {
  return JSON.parse(readFileSync(path.join(folders.expected, `${name}.json`), "utf8")) as ScenarioRecord;
}

/** The scenarios in an order in which they are done soonest side by side. */
export function longestFirst(names: readonly string[]): string[] {
  const seconds = new Map(names.map((name) => [name, expectedSeconds(expectedRecord(name))]));
  return [...names].sort((a, b) => (seconds.get(b) ?? 0) - (seconds.get(a) ?? 0));
}

/** About how many seconds a scenario took with the official plugins. */
function expectedSeconds(record: ScenarioRecord): number {
  const buckets: Record<string, number> = { "<6s": 3, "6-20s": 13, "20-60s": 40, ">60s": 70 };
  const commands = [...record.steps.flatMap((step) => [step.preview, step.result]), record.destroy];
  const seconds = commands.map((command) => command?.seconds ?? buckets[command?.took ?? ""] ?? 0);
  return seconds.reduce((sum, value) => sum + value, 0);
}

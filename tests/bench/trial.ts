import type { Stack } from "../../cli/engine/stack";
import type { Summary } from "../../cli/status/summary";
import type { TrialPlatform } from "../support/trialPlatform";

/** What came of some work, and how long it took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - start };
}

/** How long a step of `terp up` took; 0 if there was none of that title. */
export function phase(summary: Summary, title: string): number {
  return summary.timings.find((each) => each.title === title)?.milliseconds ?? 0;
}

/** The trial's stack as the engine takes it. */
export async function stackOf(trial: TrialPlatform): Promise<Stack> {
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

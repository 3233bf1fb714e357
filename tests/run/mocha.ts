import { join } from "node:path";
import type { LimitFunction } from "p-limit";
import { duration } from "../../local/progress";
import { project, runCommand } from "./command";
import { eventMark, type TestEvent } from "./reporter";
import { total, type PartResult } from "./result";

/** What to run with mocha, and how to tell about it. */
export interface MochaRun {
  /** The files of each process: a failure, or a suite that gives up, ends none of another process's. */
  readonly groups: readonly (readonly string[])[];
  /** How many processes run at once, shared with what else runs. */
  readonly lane: LimitFunction;
  /** How long one test may take, in milliseconds. */
  readonly timeout: number;
  /** What the tests' processes get beside this process's environment. @default nothing */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told how far it is. */
  readonly update: (text: string) => void;
  /** Told of each test that has ended, where tests are long. */
  readonly tell?: (line: string) => void;
  /**
   * Whether a process with a failure is run once more, after all others. What passes then counts as passed, and its failure is
   * shown all the same.
   *
   * @default false
   */
  readonly tryAgain?: boolean;
}

/** Runs tests, follows them while they run, and counts them. */
export async function runMocha(run: MochaRun): Promise<PartResult> {
  let ended = 0;
  const hear = (event: TestEvent): void => {
    if (event.kind === "begin") run.update(`${String(ended)} done, ${event.title}`);
    else ended += 1;
    if (event.kind === "passed") run.tell?.(`  ✔ ${event.title} (${duration(event.milliseconds)})`);
    if (event.kind === "skipped") run.tell?.(`  - ${event.title} (skipped)`);
  };
  const perform = (files: readonly string[]): Promise<PartResult> =>
    run.lane(() => runProcess(files, run, hear));
  const results = await Promise.all(run.groups.map(perform));
  if (run.tryAgain !== true) return total(results);
  const settled: PartResult[] = [];
  for (const [place, first] of results.entries()) {
    const files = run.groups[place] ?? [];
    if (first.failed === 0) {
      settled.push(first);
      continue;
    }
    run.tell?.(`${files.join(" ")} failed and is tried once more:\n${first.details.join("\n")}`);
    const second = await perform(files);
    settled.push(second.failed === 0 ? { ...second, unsteady: first.details } : second);
  }
  return total(settled);
}

async function runProcess(
  files: readonly string[],
  { timeout, environment = {} }: MochaRun,
  hear: (event: TestEvent) => void,
): Promise<PartResult> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const details: string[] = [];
  const mocha = join(project, "node_modules", "mocha", "bin", "mocha.js");
  const options = ["--require", "tsx/cjs", "--reporter", join(__dirname, "reporter.ts")];
  const end = await runCommand({
    words: [process.execPath, mocha, ...options, "--timeout", String(timeout), ...files],
    environment,
    onLine: (line) => {
      if (!line.startsWith(eventMark)) return;
      const event = JSON.parse(line.slice(eventMark.length)) as TestEvent;
      if (event.kind !== "begin") count[event.kind] += 1;
      if (event.kind === "failed") details.push(`✖ ${event.title}\n${event.error}`);
      hear(event);
    },
  });
  // A file that can't be loaded, or a process that was ended, has no event.
  const isMute = end.code !== 0 && count.failed === 0;
  if (!isMute && count.passed + count.failed + count.skipped > 0) return { ...count, details, unsteady: [] };
  const output = end.output.split("\n").filter((line) => !line.startsWith(eventMark));
  const what = isMute ? `mocha ended with ${String(end.code)}` : "there are no tests";
  const failure = [`✖ ${files.join(" ")}: ${what}\n${output.join("\n").trim()}`];
  return { ...count, failed: 1, details: failure, unsteady: [] };
}

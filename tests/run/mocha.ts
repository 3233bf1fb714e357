import { join } from "node:path";
import type { LimitFunction } from "p-limit";
import { duration } from "../../local/progress";
import { project, runCommand } from "./command";
import { eventMark, type TestEvent } from "./reporter";
import { afterBoth, counted, type FileResult } from "./attempts";
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
   * Whether a process with a failure is run once more, after all others. A test fails that passes neither time; one that passes
   * once counts as passed, and its failure is shown all the same.
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
  const perform = (files: readonly string[]): Promise<FileResult> =>
    run.lane(() => runProcess(files, run, hear));
  const results = await Promise.all(run.groups.map(perform));
  if (run.tryAgain !== true) return total(results.map(counted));
  const settled: PartResult[] = [];
  for (const [place, first] of results.entries()) {
    const files = run.groups[place] ?? [];
    if (first.failures.length === 0) {
      settled.push(counted(first));
      continue;
    }
    const why = counted(first).details.join("\n");
    run.tell?.(`${files.join(" ")} failed and is tried once more:\n${why}`);
    settled.push(afterBoth(first, await perform(files)));
  }
  return total(settled);
}

async function runProcess(
  files: readonly string[],
  { timeout, environment = {} }: MochaRun,
  hear: (event: TestEvent) => void,
): Promise<FileResult> {
  const passed: string[] = [];
  const failures: { title: string; error: string }[] = [];
  let skipped = 0;
  const mocha = join(project, "node_modules", "mocha", "bin", "mocha.js");
  const options = ["--require", "tsx/cjs", "--reporter", join(__dirname, "reporter.ts")];
  const end = await runCommand({
    words: [process.execPath, mocha, ...options, "--timeout", String(timeout), ...files],
    environment,
    onLine: (line) => {
      if (!line.startsWith(eventMark)) return;
      const event = JSON.parse(line.slice(eventMark.length)) as TestEvent;
      if (event.kind === "passed") passed.push(event.title);
      if (event.kind === "failed") failures.push(event);
      if (event.kind === "skipped") skipped += 1;
      hear(event);
    },
  });
  // A file that can't be loaded, or a process that was ended, has no event.
  const isMute = end.code !== 0 && failures.length === 0;
  if (isMute || passed.length + failures.length + skipped === 0) {
    const output = end.output.split("\n").filter((line) => !line.startsWith(eventMark));
    const what = isMute ? `mocha ended with ${String(end.code)}` : "there are no tests";
    failures.push({ title: files.join(" "), error: `${what}\n${output.join("\n").trim()}` });
  }
  return { passed, failures, skipped };
}

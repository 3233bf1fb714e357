import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { duration } from "../../local/progress";
import { project, runCommand } from "./command";
import { eventMark, type TestEvent } from "./reporter";
import type { PartResult } from "./result";

/** What to run with mocha, and how to tell about it. */
export interface MochaRun {
  /** Folder below the project whose `*.test.ts` files are run. */
  readonly folder: string;
  /** How long one test may take, in milliseconds. */
  readonly timeout: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** Told how far it is. */
  readonly update: (text: string) => void;
  /** Told of each test that has ended, where tests are long. */
  readonly tell?: (line: string) => void;
}

async function testFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(project, folder), { recursive: true }).catch(() => []);
  return entries
    .filter((each) => each.endsWith(".test.ts"))
    .map((each) => join(folder, each))
    .sort();
}

/** Runs a folder's tests, follows them while they run, and counts them. */
export async function runMocha(run: MochaRun): Promise<PartResult> {
  const files = await testFiles(run.folder);
  if (files.length === 0)
    return { passed: 0, failed: 0, skipped: 0, details: [`${run.folder} holds no tests`] };
  const count = { passed: 0, failed: 0, skipped: 0 };
  const details: string[] = [];
  let total = 0;
  const hear = (event: TestEvent): void => {
    if (event.kind === "count") {
      total = event.tests;
      return;
    }
    if (event.kind === "begin") {
      const done = count.passed + count.failed + count.skipped;
      run.update(`${String(done)} of ${String(total)}, ${event.title}`);
      return;
    }
    count[event.kind] += 1;
    if (event.kind === "failed") details.push(`✖ ${event.title}\n${event.error}`);
    else if (event.kind === "skipped") run.tell?.(`  - ${event.title} (skipped)`);
    else run.tell?.(`  ✔ ${event.title} (${duration(event.milliseconds)})`);
  };
  const plain: string[] = [];
  const mocha = join(project, "node_modules", "mocha", "bin", "mocha.js");
  const end = await runCommand({
    words: [
      process.execPath,
      mocha,
      "--require",
      "tsx/cjs",
      "--reporter",
      join(__dirname, "reporter.ts"),
      "--timeout",
      String(run.timeout),
      ...files,
    ],
    ...(run.environment === undefined ? {} : { environment: run.environment }),
    onLine: (line) => {
      if (line.startsWith(eventMark)) hear(JSON.parse(line.slice(eventMark.length)) as TestEvent);
      else plain.push(line);
    },
  });
  // A file that can't be loaded, or a process that was ended, has no event.
  if (end.code !== 0 && count.failed === 0) {
    const output = end.output.split("\n").filter((line) => !line.startsWith(eventMark));
    details.push(`✖ ${run.folder}: mocha ended with ${String(end.code)}\n${output.join("\n").trim()}`);
    return { ...count, failed: 1, details };
  }
  return { ...count, details };
}

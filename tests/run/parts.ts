import { readdir } from "node:fs/promises";
import { devNull } from "node:os";
import { dirname, join } from "node:path";
import type { LimitFunction } from "p-limit";
import type { Progress } from "../../local/progress";
import { project, runCommand } from "./command";
import { testFiles, together } from "./files";
import { runMocha } from "./mocha";
import { oneCheck, type PartResult } from "./result";

/** A part of `npm test`. */
export interface Part {
  /** What to type after `npm test --`. */
  readonly name: string;
  readonly title: string;
  /** Whether it needs the toolchain, and with it Linux, root and Go. What does begins when the others have ended. */
  readonly needsTools: boolean;
  run(context: PartContext): Promise<PartResult>;
}

/** What a part gets. */
export interface PartContext {
  /** Runs a process as soon as there is room for it. */
  readonly lane: LimitFunction;
  readonly update: (text: string) => void;
  readonly progress: Progress;
}

const minute = 60_000;

function check(name: string, title: string, words: readonly [string, ...string[]]): Part {
  return {
    name,
    title,
    needsTools: false,
    async run({ lane }) {
      const end = await lane(() => runCommand({ words }));
      return oneCheck(end.code === 0, end.output);
    },
  };
}

async function goModules(): Promise<string[]> {
  const folders = ["local/toolchain/go", "local/node/go"];
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(join(project, folder), { recursive: true }).catch(() => []);
    const tested = new Set(
      entries.filter((each) => each.endsWith("_test.go")).map((each) => each.split("/")[0] ?? ""),
    );
    for (const entry of entries) {
      if (entry.endsWith("/go.mod") && tested.has(dirname(entry))) found.push(join(folder, dirname(entry)));
    }
  }
  return found.sort();
}

async function runGo(context: PartContext): Promise<PartResult> {
  const results = { passed: 0, failed: 0, skipped: 0 };
  const details: string[] = [];
  for (const folder of await goModules()) {
    context.update(folder);
    const output = new Map<string, string>();
    const end = await runCommand({
      words: ["go", "test", "-json", "./..."],
      folder: join(project, folder),
      environment: { GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "-mod=readonly" },
      onLine: (line) => {
        if (!line.startsWith("{")) return;
        const event = JSON.parse(line) as {
          Action: string;
          Test?: string;
          Package?: string;
          Output?: string;
        };
        if (event.Test === undefined) return;
        const test = `${event.Package ?? ""} ${event.Test}`;
        if (event.Action === "output") output.set(test, (output.get(test) ?? "") + (event.Output ?? ""));
        if (event.Action === "pass") results.passed += 1;
        if (event.Action === "skip") results.skipped += 1;
        if (event.Action === "fail") {
          results.failed += 1;
          details.push(`✖ ${test}\n${output.get(test) ?? ""}`);
        }
      },
    });
    if (end.code !== 0 && details.length === 0) {
      results.failed += 1;
      details.push(`✖ go test in ${folder}\n${end.output}`);
    }
  }
  return { ...results, details, unsteady: [] };
}

/** Each file by itself: it has clusters of its own. */
async function runLong(folder: string, { lane, update, progress }: PartContext): Promise<PartResult> {
  const files = await testFiles(folder);
  return runMocha({
    groups: files.map((file) => [file]),
    lane,
    timeout: 15 * minute,
    // Real clusters on a busy machine: what a moment's load spoils shouldn't hide what is broken.
    tryAgain: true,
    update,
    tell: (line) => {
      progress.note(line);
    },
  });
}

/** Units pass before there are tools: one that asks for a tool fails, also where an earlier run has made it. */
const bareMachine = {
  TERP_CACHE: join(devNull, "cache"),
  GOMODCACHE: join(devNull, "modules"),
  GOPROXY: "off",
};

/** All parts in the order in which they begin: what fails soonest first, and of the long ones the longest. */
export const parts: readonly Part[] = [
  check("format", "formatting (prettier)", ["prettier", "--check", "--log-level=warn", "."]),
  check("types", "types (tsc)", ["tsc", "-p", ".", "--noEmit"]),
  check("lint", "rules (eslint)", ["eslint", "--max-warnings=0", "."]),
  {
    name: "unit",
    title: "units",
    needsTools: false,
    async run(context) {
      const files = await testFiles("tests/unit");
      return runMocha({
        ...context,
        groups: together(files, context.lane.concurrency),
        timeout: minute,
        environment: bareMachine,
      });
    },
  },
  {
    name: "go",
    title: "Go programs",
    needsTools: true,
    run: (context) => context.lane(() => runGo(context)),
  },
  {
    name: "cluster",
    title: "a real cluster",
    needsTools: true,
    run: (context) => runLong("tests/cluster", context),
  },
  {
    name: "engine",
    title: "the real engine",
    needsTools: true,
    run: (context) => runLong("tests/engine", context),
  },
];

/** The words of `npm test -- …` as parts; all without any. @throws if a word is no part's name. */
export function chooseParts(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return parts;
  return names.map((name) => {
    const part = parts.find((each) => each.name === name);
    if (part === undefined) {
      const known = parts.map((each) => each.name).join(", ");
      throw new Error(
        `"${name}" is no part of the tests; there are: ${known}. For example: npm test -- unit lint`,
      );
    }
    return part;
  });
}

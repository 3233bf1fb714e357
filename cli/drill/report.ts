import { mkdir, readdir, readFile } from "node:fs/promises";
import { writeWhole } from "../../local/files";
import { join } from "node:path";
import { z } from "zod";
import { oneLine } from "../../infra/fault";
import { duration } from "../../local/progress";
import type { Colours } from "../ui/colour";
import { table } from "../ui/table";

const check = z.object({
  /** What was compared. */
  what: z.string(),
  /** `skipped`: nothing to compare with. */
  result: z.enum(["passed", "failed", "skipped"]),
  /** What was found, and what was expected if that is something else. Never a secret. */
  detail: z.string(),
});

const timing = z.object({ title: z.string(), milliseconds: z.number() });

const report = z.object({
  version: z.literal(1),
  stack: z.string(),
  /** The name of the second platform's stack. */
  drill: z.string(),
  /** When it began, in ISO 8601. */
  date: z.string(),
  verdict: z.enum(["passed", "failed"]),
  /** What the second platform was made of, and what it was compared with. */
  sources: z.object({ keys: z.string(), git: z.string(), comparedWith: z.string() }),
  checks: z.array(check),
  /** How long each step took. */
  timings: z.array(timing),
  /** How long each step of the second platform's start took. */
  platformTimings: z.array(timing),
});

/** One thing that a drill looked at. */
export type Check = z.infer<typeof check>;

/** What a drill found; `--json` prints it as it is. No secrets. */
export type DrillReport = z.infer<typeof report>;

/** A drill has passed if nothing failed, and something was looked at. */
export function verdictOf(checks: readonly Check[]): DrillReport["verdict"] {
  const passed = checks.some((each) => each.result === "passed");
  return passed && checks.every((each) => each.result !== "failed") ? "passed" : "failed";
}

const fileName = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z\.json$/;

/** A moment as it stands in a file's name. */
export function nameOf(date: string): string {
  return `${date.slice(0, 19).replaceAll(":", "-")}Z`;
}

/**
 * Writes a report, for people and for programs.
 *
 * @param folder is made if it isn't there.
 * @returns the path of the one for people.
 */
export async function writeReport(folder: string, content: DrillReport): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const base = join(folder, nameOf(content.date));
  writeWhole(`${base}.md`, renderMarkdown(content));
  writeWhole(`${base}.json`, `${JSON.stringify(content, undefined, 2)}\n`);
  return `${base}.md`;
}

/** The newest report in a folder; undefined if there is none that can be read. */
export async function lastReport(folder: string): Promise<DrillReport | undefined> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  for (const name of names
    .filter((each) => fileName.test(each))
    .sort()
    .reverse()) {
    const parsed = report.safeParse(jsonOf(await readFile(join(folder, name), "utf8")));
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function totalOf(timings: DrillReport["timings"]): string {
  return duration(timings.reduce((sum, each) => sum + each.milliseconds, 0));
}

/** The report for people. */
export function renderMarkdown(content: DrillReport): string {
  const times = (timings: DrillReport["timings"]): string[] =>
    markdownTable(
      ["step", "time"],
      [...timings.map((each) => [each.title, duration(each.milliseconds)]), ["together", totalOf(timings)]],
    );
  return [
    `# Drill of the stack ${content.stack} on ${content.date}: ${content.verdict}`,
    "",
    `- keys: ${content.sources.keys}`,
    `- repositories: ${content.sources.git}`,
    `- compared with: ${content.sources.comparedWith}`,
    "",
    "## What was compared",
    "",
    ...markdownTable(
      ["what", "result", "detail"],
      content.checks.map((each) => [each.what, each.result, each.detail]),
    ),
    "",
    "## How long it took",
    "",
    ...times(content.timings),
    ...(content.platformTimings.length === 0
      ? []
      : ["", "Of which the second platform's start:", "", ...times(content.platformTimings)]),
    "",
  ].join("\n");
}

/**
 * The report as lines for a terminal.
 *
 * @param file where it was written.
 */
export function renderDrill(content: DrillReport, file: string, colours: Colours): string[] {
  const marks = {
    passed: colours.good("✔"),
    failed: colours.bad("✖"),
    skipped: colours.quiet("-"),
  } as const;
  const option = content.stack === "local" ? "" : ` --stack ${content.stack}`;
  const failures = content.checks.filter((each) => each.result === "failed").length;
  return [
    "",
    colours.strong(
      content.verdict === "passed"
        ? `The platform of the stack ${content.stack} can be raised again from its backup.`
        : `The drill of the stack ${content.stack} failed: a recovery would fail, too.`,
    ),
    ...table(content.checks.map((each) => [`${marks[each.result]} ${each.what}`, oneLine(each.detail)])),
    "",
    colours.strong("How long it took"),
    ...table([
      ...content.timings.map((each) => [each.title, duration(each.milliseconds)]),
      ["together", totalOf(content.timings)],
    ]),
    "",
    `Report: ${file}`,
    ...(failures === 0
      ? []
      : [
          `Mend what failed (${String(failures)}), see docs/recover.md; bin/terp doctor${option} looks for causes; then bin/terp drill${option}`,
        ]),
  ];
}

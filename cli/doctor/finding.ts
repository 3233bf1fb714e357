import type { Colours } from "../ui/colour";

/** Something that would fail in a disaster (`fault`), or shouldn't stay as it is (`warning`). */
export interface Finding {
  readonly severity: "fault" | "warning";
  /** What it is about. */
  readonly about: "key" | "state" | "cluster" | "repository" | "tenant" | "certificate" | "dns" | "drill";
  /** What is so. Never a secret. */
  readonly found: string;
  /** What is expected, where {@link found} doesn't say it already. */
  readonly expected?: string;
  /** What to type or do, where {@link found} doesn't say it already. */
  readonly remedy?: string;
}

/** What `terp doctor` found; `--json` prints it as it is. */
export interface Diagnosis {
  readonly stack: string;
  /** Whether there is no fault. There may be warnings. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

/** How a command is typed for a stack. */
export function typed(words: string, stack: string): string {
  return `bin/terp ${words}${stack === "local" ? "" : ` --stack ${stack}`}`;
}

function count(number: number, what: string): string {
  return number === 0 ? `no ${what}s` : number === 1 ? `one ${what}` : `${String(number)} ${what}s`;
}

/** The diagnosis as lines for a terminal: faults first. */
export function renderDiagnosis({ stack, findings }: Diagnosis, colours: Colours): string[] {
  const faults = findings.filter((each) => each.severity === "fault");
  const warnings = findings.filter((each) => each.severity === "warning");
  const lines = [...faults, ...warnings].flatMap((each) => [
    `${each.severity === "fault" ? colours.bad("✖") : colours.waiting("!")} ${colours.strong(each.about)}: ${each.found}`,
    ...(each.expected === undefined ? [] : [`    expected  ${each.expected}`]),
    ...(each.remedy === undefined ? [] : [`    type      ${each.remedy}`]),
  ]);
  const verdict =
    faults.length === 0
      ? `${colours.good("✔")} ${colours.strong(stack)}: nothing is known that would fail in a disaster`
      : `${colours.bad("✖")} ${colours.strong(stack)}: a recovery would fail as things are`;
  return [
    ...lines,
    ...(lines.length === 0 ? [] : [""]),
    `${verdict}; ${count(faults.length, "fault")}, ${count(warnings.length, "warning")}`,
  ];
}

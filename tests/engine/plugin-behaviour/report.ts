import type { Finding } from "./compare";
import type { Judgement } from "./differences";
import type { Json, ScenarioRecord } from "./types";

/** Says in lines for a reader how a scenario came out; a failure shows what was expected (-) and what came (+). */
export function describe(expected: ScenarioRecord, judgement: Judgement): string {
  const lines: string[] = [];
  for (const [title, findings] of bySteps(expected, judgement.unexplained)) {
    lines.push(title);
    for (const finding of findings) lines.push(`  ${finding.path}`, ...sides(finding));
  }
  for (const { difference, path } of judgement.stale) {
    const steps = difference.steps ? `, steps ${difference.steps.join(", ")}` : "";
    lines.push(`the listed difference ${path}${steps} no longer occurs: delete it from differences.ts`);
  }
  return lines.join("\n");
}

function bySteps(expected: ScenarioRecord, findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const note = typeof finding.step === "number" ? expected.steps[finding.step - 1]?.note : undefined;
    const title = `step ${String(finding.step)}${note === undefined ? "" : ` (${note})`}`;
    groups.set(title, [...(groups.get(title) ?? []), finding]);
  }
  return groups;
}

function sides({ expected, actual }: Finding): string[] {
  return [...side("-", expected), ...side("+", actual)];
}

function side(sign: string, value: Json | undefined): string[] {
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 1);
  return text.split("\n").map((line) => `    ${sign} ${line}`);
}

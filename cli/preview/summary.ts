import type { ChangeCounts, Diagnostic, PlannedStep } from "../engine/events";
import { describeUrn, parseUrn } from "../engine/urn";

/** What may happen to a resource, the gravest first. */
export const kindsOfChange = ["delete", "replace", "update", "create"] as const;

/** One of {@link kindsOfChange}. */
export type KindOfChange = (typeof kindsOfChange)[number];

/** A resource that an `up` would change. */
export interface PlannedChange {
  readonly change: KindOfChange;
  /** What it is, e.g. `Deployment source-controller`. */
  readonly resource: string;
  /** Paths of the properties that change. Values are left out: whoever may read a pull request needn't be trusted with them. */
  readonly properties: readonly string[];
}

/** What a preview says, for people and scripts. */
export interface PreviewSummary {
  readonly stack: string;
  /** Whether an `up` would change anything. */
  readonly differs: boolean;
  readonly unchanged: number;
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly string[];
  /** Which plugins aren't the publisher's. */
  readonly standIns: readonly string[];
  /** Why there is no plan, if there is none. */
  readonly failure?: string | undefined;
}

/** What a summary is made from. */
export interface Previewed {
  readonly changes: ChangeCounts;
  readonly steps: readonly PlannedStep[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What a plan comes to. Each resource is named once, the gravest change first; the stack itself isn't named.
 *
 * @param standIns names of the plugins that aren't the publisher's.
 */
export function summarise(
  stack: string,
  { changes, steps, diagnostics }: Previewed,
  standIns: readonly string[],
): PreviewSummary {
  const planned = kindsOfChange.flatMap((change) =>
    steps
      .filter(({ operation, urn }) => operation === change && parseUrn(urn).type !== "pulumi:pulumi:Stack")
      .map((step) => ({
        change,
        resource: describeUrn(step.urn),
        properties: change === "create" ? [] : [...(step.changes ?? [])].sort(),
      })),
  );
  return {
    stack,
    differs: planned.length > 0,
    unchanged: changes["same"] ?? 0,
    changes: planned,
    warnings: messages(diagnostics),
    standIns,
  };
}

/** The summary of a preview that failed. */
export function summariseFailure(stack: string, failure: string): PreviewSummary {
  return { stack, differs: true, unchanged: 0, changes: [], warnings: [], standIns: [], failure };
}

/** How many changes of each kind there are, e.g. `1 to delete, 3 to create, 20 unchanged`. */
export function countsText({ changes, unchanged }: PreviewSummary): string {
  const parts = kindsOfChange
    .map((kind) => [kind, changes.filter(({ change }) => change === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${String(count)} to ${kind}`);
  return [...parts, `${String(unchanged)} unchanged`].join(", ");
}

function messages(diagnostics: readonly Diagnostic[]): string[] {
  return [
    ...new Set(diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message)),
  ];
}

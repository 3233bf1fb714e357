import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation/events";
import { describeUrn } from "./urn";

/** What a run of the engine has done, by operation: `create`, `update`, `same`, … */
export type ChangeCounts = Readonly<Record<string, number>>;

/** A message of the engine, a plugin or the program. */
export interface Diagnostic {
  readonly severity: "warning" | "error" | "info";
  readonly urn?: string;
  readonly message: string;
}

/** A step of the engine: which resource, what happens to it, and what it is given. */
export interface PlannedStep {
  readonly operation: string;
  readonly urn: string;
  readonly type: string;
  /** Empty where it stays as it is: see `eventOf`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of the properties that change, where the engine tells; never their values. */
  readonly changes?: readonly string[];
}

const quiet = new Set(["same", "read", "refresh", "discard", "import"]);
const colourMarks = /<\{%[^%]*%\}>/g;

/** Follows the engine's events. Pure: give it each event, ask it how far the run is. */
export class RunFollower {
  public readonly diagnostics: Diagnostic[] = [];
  public readonly steps: PlannedStep[] = [];
  public changes: ChangeCounts | undefined;
  private readonly seen = new Set<string>();
  private readonly done = new Set<string>();
  private readonly busy = new Map<string, string>();
  private status = "";

  /** @param expected how many resources the last run had; zero if unknown. */
  public constructor(private readonly expected: number) {}

  public add(event: EngineEvent): void {
    if (event.resourcePreEvent !== undefined) this.begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.end(event.resOutputsEvent.metadata.urn);
    if (event.resOpFailedEvent !== undefined) this.end(event.resOpFailedEvent.metadata.urn);
    if (event.summaryEvent !== undefined) this.changes = event.summaryEvent.resourceChanges;
    if (event.diagnosticEvent !== undefined) this.hear(event.diagnosticEvent);
  }

  /** How far the run is, in one line. */
  public describe(): string {
    const total = Math.max(this.expected, this.seen.size);
    const count = total === 0 ? "" : `${String(this.done.size)} of ${String(total)}`;
    const names = [...this.busy.values()];
    const waiting =
      names.slice(0, 2).join(", ") + (names.length > 2 ? ` and ${String(names.length - 2)} more` : "");
    const detail = names.length === 1 && this.status !== "" ? `${waiting} (${this.status})` : waiting;
    return [count, detail].filter((part) => part !== "").join(", ");
  }

  private begin(metadata: NonNullable<EngineEvent["resourcePreEvent"]>["metadata"]): void {
    this.seen.add(metadata.urn);
    // Absent where it was read from the beginning of a line.
    const state = metadata.new ?? metadata.old;
    this.steps.push({
      operation: metadata.op,
      urn: metadata.urn,
      type: metadata.type,
      inputs: state?.inputs ?? {},
      changes: Object.keys(metadata.detailedDiff ?? {}).concat(
        metadata.detailedDiff === undefined ? (metadata.diffs ?? []) : [],
      ),
    });
    if (quiet.has(metadata.op)) this.done.add(metadata.urn);
    else this.busy.set(metadata.urn, describeUrn(metadata.urn));
  }

  private end(urn: string): void {
    this.busy.delete(urn);
    this.done.add(urn);
    if (this.busy.size === 0) this.status = "";
  }

  private hear(event: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    // The engine's log holds more than the type says.
    if ((event.severity as string) === "debug") return;
    const text = `${event.prefix ?? ""}${event.message}`.replace(colourMarks, "");
    const message = stripVTControlCharacters(text).trim();
    if (message === "") return;
    if (event.ephemeral === true) {
      this.status = message.split("\n")[0] ?? "";
      return;
    }
    const severity = event.severity === "info#err" ? "info" : event.severity;
    const urn = event.urn === undefined || event.urn === "" ? {} : { urn: event.urn };
    this.diagnostics.push({ severity, message, ...urn });
  }
}

/** What changed, in words: `12 created, 3 unchanged`; `nothing changed` if nothing did. */
export function describeChanges(changes: ChangeCounts): string {
  const words: Record<string, string> = {
    create: "created",
    update: "updated",
    delete: "deleted",
    replace: "replaced",
    "create-replacement": "replaced",
    same: "unchanged",
  };
  const parts = Object.entries(changes)
    .filter(([operation, count]) => count > 0 && words[operation] !== undefined && operation !== "same")
    .map(([operation, count]) => `${String(count)} ${words[operation] ?? operation}`);
  const same = changes["same"] ?? 0;
  if (parts.length === 0) return `nothing changed (${String(same)} unchanged)`;
  return [...parts, `${String(same)} unchanged`].join(", ");
}

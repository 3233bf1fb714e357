import { readFile } from "node:fs/promises";
import { normaliseText, type Surroundings } from "./normalise";
import type { CommandRecord, MessageRecord, ResourceRecord } from "./types";

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly new: unknown;
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<
    Record<string, { readonly diffKind?: string; readonly kind?: string }>
  > | null;
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
    readonly ephemeral?: boolean;
  };
}

/** The logical name in a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Whether a resource is the engine's own, and not one that a scenario is about. */
export function isEngineResource(type: string): boolean {
  return type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
}

/** What to read from an event log, and how. */
export interface ReadEventsOptions extends Surroundings {
  /** The file that `--event-log` wrote. */
  readonly file: string;
  /** Whether provider resources count too. @default false */
  readonly withProviders?: boolean;
}

/** Reads what one command of the engine did from its event log; empty when it wrote none. */
export async function readEvents(options: ReadEventsOptions): Promise<Omit<CommandRecord, "exit">> {
  const resources = new Map<string, ResourceRecord>();
  const order: string[] = [];
  const messages: MessageRecord[] = [];
  const progress = new Set<string>();
  for (const event of await parseLog(options.file)) {
    const metadata = (event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
    if (metadata && isShown(metadata.type, options.withProviders ?? false)) {
      const record = resources.get(metadata.urn) ?? {
        name: nameOf(metadata.urn),
        type: metadata.type,
        ops: [],
      };
      resources.set(metadata.urn, record);
      if (event.resourcePreEvent) {
        if (!record.ops.includes(metadata.op)) order.push(`${metadata.op} ${record.name}`);
        recordStart(record, metadata);
      } else if (event.resOutputsEvent) recordOutputs(record, metadata);
      else record.failed = metadata.op;
    }
    const message = readMessage(event, options);
    if (message?.ephemeral === true) progress.add(`${message.record.resource ?? ""}: ${message.record.text}`);
    else if (message) messages.push(message.record);
  }
  return {
    resources: [...resources.values()].sort((a, b) => (a.name + a.type < b.name + b.type ? -1 : 1)),
    order,
    ...(messages.length > 0 && { messages }),
    ...(progress.size > 0 && { progress: [...progress].sort() }),
  };
}

async function parseLog(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => JSON.parse(line) as EngineEvent);
}

function isShown(type: string, withProviders: boolean): boolean {
  return !isEngineResource(type) || (withProviders && type.startsWith("pulumi:providers:"));
}

function recordStart(record: ResourceRecord, metadata: StepMetadata): void {
  if (!record.ops.includes(metadata.op)) record.ops.push(metadata.op);
  if (metadata.keys && metadata.keys.length > 0) record.replaceKeys = [...metadata.keys];
  recordDiff(record, metadata);
}

function recordOutputs(record: ResourceRecord, metadata: StepMetadata): void {
  if (!["refresh", "read", "import"].includes(metadata.op)) return;
  if (!record.ops.includes(metadata.op)) record.ops.push(metadata.op);
  recordDiff(record, metadata);
  if (metadata.op === "refresh" && (metadata.new ?? null) === null) record.refreshedTo = "gone";
}

function recordDiff(record: ResourceRecord, { diffs, detailedDiff }: StepMetadata): void {
  if (diffs && diffs.length > 0) record.diffs = [...diffs].sort();
  if (!detailedDiff) return;
  const entries = Object.entries(detailedDiff).map(([path, { diffKind, kind }]) => [
    path,
    diffKind ?? kind ?? "",
  ]);
  record.detailedDiff = Object.fromEntries(entries.sort()) as Record<string, string>;
}

function readMessage(
  { diagnosticEvent: event }: EngineEvent,
  around: Surroundings,
): { ephemeral: boolean; record: MessageRecord } | undefined {
  if (!event || event.severity === "debug") return undefined;
  // These say where the plugin came from, which is not its behaviour.
  if (/from \$PATH at|resource plugin \S+ is expected to have version/.test(event.message)) return undefined;
  // What the program says after the engine has given up, if it still gets to say it.
  if (event.message.includes("UNKNOWN: resource monitor shut down")) return undefined;
  const text = normaliseText(event.message, around).trim();
  if (text === "") return undefined;
  const resource = event.urn ? { resource: nameOf(event.urn) } : {};
  return { ephemeral: event.ephemeral ?? false, record: { severity: event.severity, ...resource, text } };
}

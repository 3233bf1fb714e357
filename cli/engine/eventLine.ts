import type { EngineEvent } from "@pulumi/pulumi/automation/events";

/** How the engine begins its word of a resource that stays as it is. The whole state of that resource follows, twice. */
const unchanged =
  /^\{"sequence":(\d+),"timestamp":(\d+),"(resourcePreEvent|resOutputsEvent)":\{"metadata":\{"op":"same","urn":"([\x20-\x21\x23-\x5b\x5d-\x7e]+)","type":"([\x20-\x21\x23-\x5b\x5d-\x7e]+)"/;

/**
 * Reads one line of the engine's event log.
 *
 * Of a resource that stays as it is only the operation, the URN and the type are read: nobody asks for more, most lines are
 * such ones, and parsing them whole was a second of a processor with fifty tenants.
 *
 * @param line The line as latin1, as its bytes are.
 * @throws SyntaxError if it isn't JSON.
 */
export function eventOf(line: string): EngineEvent {
  const [, sequence, timestamp, kind, urn, type] = unchanged.exec(line) ?? [];
  if (kind === undefined) return JSON.parse(Buffer.from(line, "latin1").toString("utf8")) as EngineEvent;
  const metadata = { op: "same", urn, type };
  return { sequence: Number(sequence), timestamp: Number(timestamp), [kind]: { metadata } };
}

import { readFileSync } from "node:fs";

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks from boot to the process's start. */
  readonly start: number;
  /** The kernel's boot id. */
  readonly boot: string;
}

/** The start time of a `/proc/<pid>/stat` line, in ticks since boot; undefined for a zombie or a line that is cut off. */
export function startOf(stat: string): number | undefined {
  // The command's name is in parentheses and may hold anything, even parentheses and spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const start = Number(fields[19]);
  return state === undefined || state === "Z" || state === "X" || !Number.isInteger(start)
    ? undefined
    : start;
}

/** The id that the kernel drew at boot. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Who has this process id now; undefined if nobody. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const start = startOf(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
    return start === undefined ? undefined : { pid, start, boot: bootId() };
  } catch {
    return undefined;
  }
}

/** Whether this very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now !== undefined && now.start === identity.start && now.boot === identity.boot;
}

/** Sends a signal to this very process, and to no other that may have its number by now. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended in between.
  }
}

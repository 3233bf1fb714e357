import { readdir, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** Who holds the lock on a stack, as Pulumi's file backend writes it. */
const lockContent = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

/** A lock on a stack. */
export interface StackLock extends z.infer<typeof lockContent> {
  readonly file: string;
}

/** What is known about this machine's processes. */
export interface Machine {
  readonly hostname: string;
  /** When the process with this id was started, in milliseconds since 1970; undefined if there is none. */
  startOf(pid: number): number | undefined;
}

/** `stale`: its process is gone, it may be broken. `held`: its process lives. `foreign`: another machine's, nobody can tell. */
export type LockVerdict = "stale" | "held" | "foreign";

/** Decides what a lock means. A process that was started after the lock was taken bears the id of a dead one. */
export function judgeLock(lock: StackLock, machine: Machine): LockVerdict {
  if (lock.hostname !== machine.hostname) return "foreign";
  const start = machine.startOf(lock.pid);
  if (start === undefined) return "stale";
  // The kernel's clock ticks are coarse: allow a few seconds.
  return start > Date.parse(lock.timestamp) + 5_000 ? "stale" : "held";
}

/** This machine, from /proc. */
export function thisMachine(): Machine {
  return {
    hostname: hostname(),
    startOf(pid) {
      try {
        const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
        // The name, in brackets, may hold spaces; the start time is the 22nd field, in hundredths of a second since the boot.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] === "Z" || fields[0] === "X") return undefined;
        const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1];
        return (Number(boot) + Number(fields[19]) / 100) * 1000;
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * The locks on a stack of the file backend.
 *
 * @param state the backend's folder.
 */
export async function readLocks(state: string, project: string, stack: string): Promise<StackLock[]> {
  const folder = join(state, ".pulumi", "locks", "organization", project, stack);
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const locks: StackLock[] = [];
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const file = join(folder, name);
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) continue; // released just now
    const content = lockContent.safeParse(parse(text));
    // A run that was killed while it wrote its lock leaves an empty or partial file, which belongs to nobody alive.
    const unknown = {
      pid: 0,
      username: "unknown",
      hostname: hostname(),
      timestamp: new Date(0).toISOString(),
    };
    locks.push({ ...(content.success ? content.data : unknown), file });
  }
  return locks;
}

/** Removes a lock that was judged stale. */
export async function breakLock(lock: StackLock): Promise<void> {
  await rm(lock.file, { force: true });
  await rm(`${lock.file}.attrs`, { force: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { readFile, readdir, lstat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Fault } from "../../local/toolchain/fault";
import { findFaults, listFaults } from "../engine/preparation";
import { CommandError, exitCodes } from "../exit";

const gibibyte = 1024 ** 3;

/** What a second platform takes while it starts: its cluster, the engine, and what tenants run, in GiB. */
const freeMemory = 2;
/** What a second platform writes besides the copy: images, etcd, the engine's home, in GiB. */
const freeDisk = 2;

/** What a drill finds of a machine. */
export interface Room {
  /** Bytes of memory that are free, or can be freed without a loss. */
  readonly memory: number;
  /** Bytes that are free on the drill's disk, and the folder that was asked for. */
  readonly disk: number;
  readonly folder: string;
  /** Bytes that the copy takes. */
  readonly copy: number;
}

/** What keeps a machine from running a second platform beside the first. */
export function roomFaults({ memory, disk, folder, copy }: Room): readonly Fault[] {
  const faults: Fault[] = [];
  if (memory < freeMemory * gibibyte) {
    faults.push({
      what: "memory",
      found: `${gibibytes(memory)} free`,
      expected: `${String(freeMemory)} GiB free, for a second platform beside the running one`,
      remedy: "end what takes it, or take a copy of the keep folder to another machine and rehearse there",
    });
  }
  const needed = freeDisk * gibibyte + copy;
  if (disk < needed) {
    faults.push({
      what: `disk of ${folder}`,
      found: `${gibibytes(disk)} free`,
      expected: `${gibibytes(needed)}, for a second platform with a copy of the repositories`,
      remedy: "make room",
    });
  }
  return faults;
}

/** `MemAvailable` of `/proc/meminfo` in bytes; everything if the kernel doesn't tell. */
export function availableMemory(meminfo: string): number {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kibibytes === undefined ? Infinity : Number(kibibytes) * 1024;
}

/**
 * @param home where the drill will be.
 * @param gitFolder what will be copied there.
 * @throws CommandError with everything that this machine lacks for a drill, each with its remedy.
 */
export async function requireRoom(home: string, gitFolder: string): Promise<void> {
  const [faults, meminfo, copy, disk] = await Promise.all([
    findFaults(),
    readFile("/proc/meminfo", "utf8").catch(() => ""),
    sizeOf(gitFolder),
    freeOn(home),
  ]);
  const all = [...faults, ...roomFaults({ memory: availableMemory(meminfo), copy, ...disk })];
  if (all.length === 0) return;
  throw new CommandError(`No drill on this machine:\n${listFaults(all)}`, exitCodes.prerequisites);
}

async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all(
    (await readdir(path).catch(() => [])).map((name) => sizeOf(join(path, name))),
  );
  return sizes.reduce((sum, each) => sum + each, 0);
}

async function freeOn(folder: string): Promise<{ readonly disk: number; readonly folder: string }> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return { disk: bavail * bsize, folder: path };
    } catch (error) {
      if (path === dirname(path)) throw error;
    }
  }
}

function gibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}

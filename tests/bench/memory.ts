import { readdir, readFile } from "node:fs/promises";

/** What a group of processes takes of memory, in bytes. */
export interface Memory {
  readonly processes: number;
  /** Proportional set size: memory that several share counts once. */
  readonly proportional: number;
  /** By program, the largest first. */
  readonly programs: readonly (readonly [name: string, bytes: number])[];
}

/**
 * Measures the processes of a control group and of those below it.
 *
 * @param cgroup the group's path below the hierarchy's root.
 */
export async function memoryOf(cgroup: string): Promise<Memory> {
  const programs = new Map<string, number>();
  let processes = 0;
  for (const pid of (await readdir("/proc")).filter((each) => /^\d+$/.test(each))) {
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
    const groups = (await read("cgroup")).split("\n").map((line) => line.split(":")[2] ?? "");
    if (!groups.some((each) => each === cgroup || each.startsWith(`${cgroup}/`))) continue;
    const proportional = Number(/^Pss:\s+(\d+) kB$/m.exec(await read("smaps_rollup"))?.[1] ?? 0) * 1024;
    const name = (await read("comm")).trim();
    processes += 1;
    programs.set(name, (programs.get(name) ?? 0) + proportional);
  }
  const sorted = [...programs].sort((one, other) => other[1] - one[1]);
  return { processes, programs: sorted, proportional: sorted.reduce((sum, [, bytes]) => sum + bytes, 0) };
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode, isMissing } from "../files";
import { pause } from "./shell";

/** One mounted cgroup hierarchy. */
export interface Hierarchy {
  readonly mount: string;
  readonly version: 1 | 2;
  /** For version 1: what the hierarchy controls, as `memory` or `name=systemd`. Empty for version 2. */
  readonly controllers: readonly string[];
}

/** How this machine groups processes. */
export interface Cgroups {
  /** The version whose controllers are used; a hybrid machine is 1. */
  readonly version: 1 | 2;
  readonly hierarchies: readonly Hierarchy[];
}

/** Controllers of version 1 without which the kubelet doesn't run. */
const needed = ["cpu", "cpuacct", "cpuset", "memory"];
/** Controllers of version 2 that pods get, as far as the kernel has them. */
const wanted = ["cpuset", "cpu", "io", "memory", "pids", "hugetlb"];

/**
 * Reads the machine's cgroups from its mounts.
 *
 * @param mounts the content of `/proc/mounts`.
 * @throws if no usable hierarchy is mounted.
 */
export function parseCgroups(mounts: string): Cgroups {
  const hierarchies: Hierarchy[] = [];
  for (const line of mounts.split("\n")) {
    const [, mount, type, options] = line.split(" ");
    if (mount === undefined || options === undefined) continue;
    // A hierarchy that is mounted twice is used where it was mounted first.
    if (type === "cgroup2" && !hierarchies.some((known) => known.version === 2)) {
      hierarchies.push({ mount, version: 2, controllers: [] });
    }
    if (type === "cgroup") {
      const controllers = options
        .split(",")
        .filter((option) => !genericOptions.has(option) && !option.startsWith("xattr"));
      const twice = hierarchies.some((known) => known.controllers.some((name) => controllers.includes(name)));
      if (!twice) hierarchies.push({ mount, version: 1, controllers });
    }
  }
  const controlled = hierarchies.flatMap((hierarchy) => hierarchy.controllers);
  if (controlled.includes("memory")) {
    const missing = needed.filter((name) => !controlled.includes(name));
    if (missing.length > 0) {
      throw new Error(
        `cgroup v1: no hierarchy with ${missing.join(", ")} is mounted below /sys/fs/cgroup; mount it`,
      );
    }
    return { version: 1, hierarchies };
  }
  if (hierarchies.some((hierarchy) => hierarchy.version === 2)) {
    return { version: 2, hierarchies: hierarchies.filter((hierarchy) => hierarchy.version === 2) };
  }
  throw new Error(
    "no cgroup hierarchy is mounted; expected cgroup2 at /sys/fs/cgroup, or version 1 below it",
  );
}

const genericOptions = new Set([
  "rw",
  "ro",
  "relatime",
  "noatime",
  "nosuid",
  "nodev",
  "noexec",
  "clone_children",
]);

/** The cgroups of this machine. */
export function cgroupsOfThisMachine(): Cgroups {
  return parseCgroups(readFileSync("/proc/mounts", "utf8"));
}

/** The kubelet's cgroup root, relative to a hierarchy's root. Beside `system`, so that version 2's "processes only in leaves" holds. */
export function podsGroup(group: string): string {
  return `${group}/pods`;
}

/** The cgroup of one of the node's own programs. */
export function programGroup(group: string, program: string): string {
  return `${group}/system/${program}`;
}

/**
 * The folders of a program's cgroup. On version 1 not every hierarchy is joined: memory for its account, systemd's and
 * the unified one so that the end of a login session doesn't end the node.
 */
export function programFolders(cgroups: Cgroups, group: string, program: string): readonly string[] {
  return cgroups.hierarchies
    .filter(
      ({ version, controllers }) =>
        version === 2 || controllers.includes("memory") || controllers.includes("name=systemd"),
    )
    .map(({ mount }) => join(mount, programGroup(group, program)));
}

/** Makes the node's cgroup in every hierarchy, with the controllers that pods need. */
export function makeGroups(cgroups: Cgroups, group: string): void {
  for (const hierarchy of cgroups.hierarchies) {
    const folder = join(hierarchy.mount, group);
    const pods = join(hierarchy.mount, podsGroup(group));
    const system = join(hierarchy.mount, group, "system");
    for (const path of [folder, pods, system]) mkdirSync(path, { recursive: true });
    if (hierarchy.controllers.includes("cpuset")) {
      // A cpuset without processors and memory nodes takes no process; a new one has none.
      for (const path of [folder, pods, system]) fillCpuset(hierarchy.mount, path);
    }
    if (cgroups.version === 2) for (const path of [hierarchy.mount, folder, system]) enableControllers(path);
  }
}

function fillCpuset(from: string, to: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const current = readFileSync(join(to, file), "utf8").trim();
    if (current === "") writeFileSync(join(to, file), readFileSync(join(from, file), "utf8"));
  }
}

/** The controllers to enable below a group of version 2. */
export function controllersToEnable(available: string, enabled: string): readonly string[] {
  const has = new Set(available.trim().split(/\s+/));
  const done = new Set(enabled.trim().split(/\s+/));
  return wanted.filter((name) => has.has(name) && !done.has(name));
}

function enableControllers(folder: string): void {
  const control = join(folder, "cgroup.subtree_control");
  const missing = controllersToEnable(
    readFileSync(join(folder, "cgroup.controllers"), "utf8"),
    readFileSync(control, "utf8"),
  );
  for (const name of missing) {
    try {
      writeFileSync(control, `+${name}`);
    } catch (error) {
      if (name === "hugetlb" || name === "io") continue;
      const reason =
        errorCode(error) === "EBUSY"
          ? "processes are in this group itself (as in a container); move them to a group below it"
          : String(error);
      throw new Error(`cgroup v2: can't enable "${name}" in ${control}: ${reason}`, { cause: error });
    }
  }
}

function groupsBelow(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...below.flatMap((entry) => groupsBelow(join(folder, entry.name))), folder];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The processes in a group's folder, not below it. */
export function processesIn(folder: string): readonly number[] {
  try {
    return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch (error) {
    if (isMissing(error) || errorCode(error) === "ENODEV") return [];
    throw error;
  }
}

/** Every folder of the node's cgroup, in all hierarchies, the lowest first. */
export function foldersOf(cgroups: Cgroups, group: string): readonly string[] {
  return cgroups.hierarchies.flatMap(({ mount }) => groupsBelow(join(mount, group)));
}

/**
 * Ends every process of the node, all at once, and waits until they are gone.
 *
 * @throws if a process doesn't end within 20 s.
 */
export async function killGroups(cgroups: Cgroups, group: string): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const folders = foldersOf(cgroups, group);
    for (const folder of folders) {
      const killFile = join(folder, "cgroup.kill");
      if (folder.endsWith(`/${group}`) && existsSync(killFile)) writeFileSync(killFile, "1");
      thaw(folder);
    }
    const left = new Set(folders.flatMap((folder) => processesIn(folder)));
    left.delete(0);
    if (left.size === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    if (Date.now() > end) {
      throw new Error(`processes of the embedded node don't end: ${[...left].join(", ")}`);
    }
    await pause(20);
  }
}

/** A frozen process of version 1 would not see the signal. */
function thaw(folder: string): void {
  const file = join(folder, "freezer.state");
  if (!existsSync(file)) return;
  try {
    if (readFileSync(file, "utf8").trim() !== "THAWED") writeFileSync(file, "THAWED");
  } catch {
    // The group went away, or is the hierarchy's root.
  }
}

/** Removes the node's empty cgroups. */
export async function removeGroups(cgroups: Cgroups, group: string): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    let failure: unknown;
    for (const folder of foldersOf(cgroups, group)) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if (!isMissing(error)) failure = error;
      }
    }
    if (failure === undefined) return;
    // The kernel lets go of a group a moment after its last process.
    if (Date.now() > end) throw new Error(`can't remove the cgroup ${group}`, { cause: failure });
    await pause(20);
  }
}

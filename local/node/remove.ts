import { readdirSync, readFileSync, rmSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { cgroupsOfThisMachine, foldersOf, killGroups, processesIn, removeGroups } from "./cgroups";
import { isThere, readJson } from "../files";
import { withLock } from "./lock";
import { mountsBelow, removeMountPoints, removeNamespaces } from "./namespaces";
import { machineLock } from "./record";
import { run } from "./shell";
import { layoutOf, type NodeLayout, type NodeSpec } from "./spec";

/**
 * Removes a node with its data: its processes, mounts, cgroups, namespaces, interface and files. Touches nothing that isn't
 * its own, and may be called again after it was killed.
 *
 * @throws if a node of this name runs with its data in another folder.
 */
export async function removeNode(spec: Pick<NodeSpec, "name" | "directory" | "runDirectory">): Promise<void> {
  const layout = layoutOf(spec);
  if (
    !isThere(spec.directory) &&
    !isThere(spec.runDirectory) &&
    foldersOf(cgroupsOfThisMachine(), layout.cgroup).length === 0
  ) {
    return;
  }
  await withLock(join(spec.directory, "lock"), async () => {
    await removeLocked(spec, layout);
  });
}

async function removeLocked(
  spec: Pick<NodeSpec, "name" | "directory" | "runDirectory">,
  layout: NodeLayout,
): Promise<void> {
  const cgroups = cgroupsOfThisMachine();
  const owner = readJson(layout.owner) as { directory?: unknown } | undefined;
  const foreign = typeof owner?.directory === "string" && owner.directory !== spec.directory;
  if (foreign && foldersOf(cgroups, layout.cgroup).some((folder) => processesIn(folder).length > 0)) {
    throw new Error(
      `node "${spec.name}" runs with its data in ${String(owner.directory)}, not in ${spec.directory}: nothing was removed`,
    );
  }
  await killGroups(cgroups, layout.cgroup);
  await withLock(machineLock(spec.runDirectory), async () => {
    await removeNamespaces(layout);
    for (const folder of [spec.runDirectory, spec.directory]) {
      for (const point of mountsBelow(readFileSync("/proc/mounts", "utf8"), folder))
        await run("umount", ["--lazy", point]);
    }
    await removeGroups(cgroups, layout.cgroup);
    rmSync(spec.runDirectory, { recursive: true, force: true });
    removeShared(spec.runDirectory);
  });
  rmSync(spec.directory, { recursive: true, force: true, maxRetries: 5 });
}

/** What all nodes share goes with the last one. */
function removeShared(runDirectory: string): void {
  const parent = dirname(runDirectory);
  const others = readdirSync(parent).filter((name) => name !== ".lock");
  if (others.length > 0) return;
  removeMountPoints();
  rmSync(machineLock(runDirectory), { force: true });
  try {
    rmdirSync(parent);
  } catch {
    // Another node is being made.
  }
}

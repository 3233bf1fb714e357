import { availableParallelism } from "node:os";
import { join } from "node:path";

import { withLock } from "./lock";
import { toolchainFolder } from "./store";

/** More at once would only take memory: each build uses all cores as long as it compiles. */
const mostAtOnce = 2;

const gibibyte = 1024 ** 3;

/** Whether a build may begin: always when it is the only one, else when its peak fits into what is free. */
export function mayBegin(alone: boolean, neededGibibytes: number, availableBytes: number): boolean {
  return alone || availableBytes >= neededGibibytes * gibibyte;
}

/**
 * Does `work` when there is room for one more build on this machine, whichever processes the others belong to.
 *
 * @param memory what the build takes at its peak, in GiB.
 * @param onWait called once if there is no room yet.
 */
export function withBuildSlot<T>(memory: number, work: () => Promise<T>, onWait: () => void): Promise<T> {
  const slots = Array.from({ length: Math.min(mostAtOnce, availableParallelism()) }, (_, slot) =>
    join(toolchainFolder(), "locks", `.build-${String(slot)}.lock`),
  );
  return withLock(slots, work, {
    onWait,
    admit: (alone) => mayBegin(alone, memory, process.availableMemory()),
  });
}

import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { tryLock, unlock } from "fs-native-extensions";

/** How often a lock that somebody else holds is tried again, in milliseconds. */
const interval = 200;

/** What {@link withLock} may be told. */
export interface LockOptions {
  /** Called once if the lock can't be had at once. */
  readonly onWait?: () => void;
  /** Asked when a lock was got: whether the work may begin now. `alone` says that nobody holds any of the others. */
  readonly admit?: (alone: boolean) => boolean;
}

/**
 * Does `work` while nobody else, in this process or another, holds the same lock. Locks are the kernel's: they end with
 * the process that holds them, however it ends.
 *
 * @param files one of these is locked, whichever is free first. They are made where they are missing, and stay.
 * @param work what is done under the lock.
 */
export async function withLock<T>(
  files: readonly string[],
  work: () => Promise<T>,
  { onWait = () => undefined, admit = () => true }: LockOptions = {},
): Promise<T> {
  await Promise.all(files.map((file) => mkdir(dirname(file), { recursive: true })));
  const handles = await Promise.all(files.map((file) => open(file, "a+", 0o600)));
  try {
    for (let told = false; ; told = true) {
      // Not the library's own waiting: it holds one of the few threads that all file operations share.
      const held = handles.find((handle) => tryLock(handle.fd));
      if (held !== undefined) {
        try {
          if (admit(nobodyHolds(handles.filter((handle) => handle !== held)))) return await work();
        } finally {
          unlock(held.fd);
        }
      }
      if (!told) onWait();
      // Uneven, so that two who wait for each other to let go don't do it in step.
      await sleep(interval + Math.random() * interval);
    }
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
}

function nobodyHolds(handles: readonly FileHandle[]): boolean {
  return handles.every((handle) => {
    const free = tryLock(handle.fd);
    if (free) unlock(handle.fd);
    return free;
  });
}

import { closeSync, fstatSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { unlock, waitForLock } from "fs-native-extensions";

/**
 * Does something while no other process does the same. The lock is the kernel's: it ends with this process, however that
 * ends. The file may be deleted by its holder.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, "a", 0o600);
    try {
      await waitForLock(file);
      // Whoever waited for a file that its holder deleted holds nothing.
      if (statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(file).ino) continue;
      try {
        return await work();
      } finally {
        unlock(file);
      }
    } finally {
      closeSync(file);
    }
  }
}

import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { tryLock } from "fs-native-extensions";
import type { Progress } from "../../local/progress";
import { pause } from "../interrupt";

/** What is locked, and how to wait for it. */
export interface Exclusion {
  /** The lock file; it is made, and stays. */
  readonly file: string;
  /** Told when another one has to be waited for. */
  readonly progress: Progress;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** Runs `work` while no other `terp` works on the same file. The lock is the kernel's: it ends with its process. */
export async function exclusively<T>(
  { file, progress, signal }: Exclusion,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, "a", 0o600);
  try {
    if (!tryLock(handle.fd)) {
      await progress.step("another `terp` works on this stack", async (update) => {
        update("waiting for it to end");
        while (!tryLock(handle.fd)) await pause(200, signal);
      });
    }
    return await work();
  } finally {
    await handle.close();
  }
}

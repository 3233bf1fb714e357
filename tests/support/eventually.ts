import { setTimeout as sleep } from "node:timers/promises";

/**
 * Tries until the check throws no more.
 *
 * @param patience in milliseconds; then the check's last error is thrown. Default: five minutes, which a busy machine may take.
 * @param interval between two tries, in milliseconds. Default: half a second.
 */
export async function eventually<T>(check: () => Promise<T>, patience = 300_000, interval = 500): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(interval);
  }
}

import { setTimeout as sleep } from "node:timers/promises";

/**
 * Tries until the check throws no more.
 *
 * @param patience in milliseconds; then the check's last error is thrown. Default: two minutes.
 * @param interval between two tries, in milliseconds. Default: half a second.
 */
export async function eventually<T>(check: () => Promise<T>, patience = 120_000, interval = 500): Promise<T> {
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

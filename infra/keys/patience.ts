import { setTimeout as sleep } from "node:timers/promises";

/** That the time for something is over. */
export class OutOfPatience extends Error {}

/** How long something may take in all, its waits and repetitions included. Call {@link end} when it is done. */
export class Patience {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly over: Promise<never>;

  /** @param limit in milliseconds, from now. */
  constructor(readonly limit: number) {
    const { signal } = this.controller;
    this.over = new Promise((_, fail) => {
      signal.addEventListener("abort", () => {
        fail(new OutOfPatience(`it took longer than ${String(limit / 1000)} s`));
      });
    });
    // Nobody may be waiting when it ends.
    this.over.catch(() => undefined);
    this.timer = setTimeout(() => {
      this.controller.abort();
    }, limit);
  }

  /** Aborts what is given it when the time is over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get isOver(): boolean {
    return this.controller.signal.aborted;
  }

  /**
   * Waits for something, but no longer than the time lasts: also for what doesn't heed the signal.
   *
   * @throws OutOfPatience
   */
  async during<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.over]);
  }

  /** Waits. @param milliseconds how long. @throws OutOfPatience */
  async pause(milliseconds: number): Promise<void> {
    await this.during(sleep(milliseconds, undefined, { signal: this.signal }));
  }

  /** Lets go of the timer. */
  end(): void {
    clearTimeout(this.timer);
  }
}

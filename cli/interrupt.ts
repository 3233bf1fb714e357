import { Interrupted } from "./exit";

/** Tells that the person wants the command to end. */
export interface Interruption {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Stops listening: a signal ends the process again. */
  release(): void;
}

/**
 * Turns signals into an abort signal. A second signal ends the process at once, for whoever is in a hurry; everything
 * that `terp` does can be cut off at any point and run again.
 *
 * @param next what to type to go on, for the message.
 */
export function listenForInterrupt(next: string): Interruption {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nInterrupted: ending what is under way. Once more ends at once.\n");
    controller.abort(new Interrupted(next));
  };
  for (const name of names) process.on(name, handle);
  return {
    signal: controller.signal,
    release() {
      for (const name of names) process.off(name, handle);
    },
  };
}

/**
 * Runs `work` until it ends or the signal is aborted, whichever comes first.
 *
 * @throws what the signal was aborted with.
 */
export async function orInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits for `milliseconds`, or less when the signal is aborted; then it throws what that was aborted with. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await orInterrupted(
      signal,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
    );
  } finally {
    clearTimeout(timer);
  }
}

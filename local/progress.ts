/** Tells a person about things that take time. */
export interface Progress {
  /**
   * Shows that something is under way while `work` runs, and how long it took.
   *
   * @param title what is done, as a person would say it.
   * @param work does it; it may call `update` with how far it is.
   */
  step<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>;
  /** Says something once. */
  note(text: string): void;
}

/** Shows nothing. */
export const silent: Progress = {
  step: (_title, work) => work(() => undefined),
  note: () => undefined,
};

/** What {@link plain} waits for, in milliseconds. */
export interface PlainTimes {
  /** A step that ends before this has only its last line. Default 2,000. */
  readonly quiet?: number;
  /** Between two lines that say how far a step is. Default 15,000. */
  readonly between?: number;
}

/** "0.4 s", "12 s", "3 min 05 s". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, "0")} s`;
}

/**
 * Progress as lines of text, for logs and pipes: one when a step has run for a while, now and then one that says how
 * far it is, and one at its end with the time it took.
 *
 * @param write takes a line without its line feed. Default: standard error.
 */
export function plain(
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  times: PlainTimes = {},
): Progress {
  const quiet = times.quiet ?? 2_000;
  const between = times.between ?? 15_000;
  return {
    note: write,
    async step(title, work) {
      const start = Date.now();
      let latest = "";
      let written = "";
      let timer = setTimeout(function tell() {
        const line = `${title} …${latest === "" ? "" : ` ${latest}`}`;
        if (line !== written) write(written === "" ? line : `${line} (${duration(Date.now() - start)})`);
        written = line;
        timer = setTimeout(tell, between).unref();
      }, quiet).unref();
      try {
        const result = await work((text) => {
          latest = text;
        });
        write(`${title} (${duration(Date.now() - start)})`);
        return result;
      } catch (error) {
        write(`${title}: failed after ${duration(Date.now() - start)}`);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

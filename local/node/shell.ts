import { execFile } from "node:child_process";

/** Settings of one command. */
export interface CommandOptions {
  /** What the command reads. Default: nothing. */
  readonly input?: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds until it is killed. Default 60,000. */
  readonly timeout?: number;
}

/**
 * Runs a command to its end.
 *
 * @returns its standard output.
 * @throws if it fails, with the command and what it said.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      {
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
        timeout: options.timeout ?? 60_000,
        killSignal: "SIGKILL",
        env: { ...process.env, ...options.environment },
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const said = stderr.trim() === "" ? stdout.trim() : stderr.trim();
        reject(
          new Error(`${command} ${args.join(" ")}: ${said === "" ? error.message : said}`, { cause: error }),
        );
      },
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

/** Like {@link run}, for what may be done already: a failure is ignored. */
export async function attempt(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args);
    return true;
  } catch {
    return false;
  }
}

/** Waits this many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Settings of {@link until}. */
export interface Waiting {
  /** What is waited for, for the error: "etcd listens". */
  readonly what: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds between two looks. Default 50. */
  readonly interval?: number;
  /** Throws when waiting is in vain, for instance since a process has died. */
  readonly check?: () => void;
}

/**
 * Looks again and again until `look` gives something.
 *
 * @throws when it takes too long, with the last error of `look`.
 */
export async function until<T>(look: () => Promise<T | undefined>, waiting: Waiting): Promise<T> {
  const end = Date.now() + waiting.timeout;
  let last: unknown;
  for (;;) {
    try {
      const result = await look();
      if (result !== undefined) return result;
      last = undefined;
    } catch (error) {
      last = error;
    }
    waiting.check?.();
    if (Date.now() > end) {
      const reason = last instanceof Error ? `: ${last.message}` : "";
      throw new Error(`waited ${String(waiting.timeout / 1000)} s in vain until ${waiting.what}${reason}`);
    }
    await pause(waiting.interval ?? 50);
  }
}

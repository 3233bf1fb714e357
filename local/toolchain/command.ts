import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { createInterface } from "node:readline";

/** How a command is run. */
export interface CommandOptions {
  /** Where. Default: here. */
  readonly cwd?: string;
  /** The whole environment. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** When it is killed, in milliseconds. Default: never. */
  readonly timeout?: number;
  /** Takes standard error line by line. Default: it is kept, see {@link CommandResult.stderr}. */
  readonly onErrorLine?: (line: string) => void;
  /** Takes standard output. Default: it is kept, see {@link CommandResult.stdout}. */
  readonly output?: Writable;
}

/** How a command ended. */
export interface CommandResult {
  /** Whether it ended with exit code 0. */
  readonly ok: boolean;
  /** How it ended, for a person: "exit code 1", "signal SIGKILL", "spawn ENOENT". */
  readonly end: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** What ends with this process. */
const running = new Set<ChildProcess>();
let following = false;

function follow(child: ChildProcess): void {
  running.add(child);
  if (following) return;
  following = true;
  process.once("exit", () => {
    for (const each of running) each.kill();
  });
}

/**
 * Runs a program, without a shell and without standard input, and waits for its end. It is ended with this process
 * where that ends in an orderly way.
 */
export async function command(
  program: string,
  args: readonly string[],
  { cwd, env = process.env, timeout, onErrorLine, output }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(program, args, { cwd, env, timeout, stdio: ["ignore", "pipe", "pipe"] });
  follow(child);
  const kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  if (output === undefined) child.stdout.on("data", (data: Buffer) => kept.stdout.push(data));
  else child.stdout.pipe(output);
  if (onErrorLine === undefined) child.stderr.on("data", (data: Buffer) => kept.stderr.push(data));
  else createInterface({ input: child.stderr }).on("line", onErrorLine);
  const outcome = await new Promise<string>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("close", (code, signal) => {
      resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
    });
  });
  running.delete(child);
  return {
    ok: outcome === "exit code 0",
    end: outcome,
    stdout: Buffer.concat(kept.stdout).toString(),
    stderr: Buffer.concat(kept.stderr).toString(),
  };
}

/**
 * Runs a program that must succeed.
 *
 * @returns its standard output.
 * @throws with the last of what it said on standard error if it fails.
 */
export async function succeed(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await command(program, args, options);
  if (result.ok) return result.stdout;
  throw new Error(
    `${[program, ...args].join(" ")}: ended with ${result.end}\n${result.stderr.split("\n").slice(-15).join("\n")}`,
  );
}

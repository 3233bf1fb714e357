import { execFile } from "node:child_process";

/** How a command ended. */
export interface Done {
  /** Its exit code; 1 if it had none, because it was killed or could not be started. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command runs in. */
export interface CommandOptions {
  /** All of its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Its working folder. @default this process's */
  readonly cwd?: string;
}

/** Runs a command to its end; a failure is a result, and no exception. */
export function run(file: string, args: readonly string[], options: CommandOptions): Promise<Done> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: 1 << 28, ...options }, (error, stdout, stderr) => {
      const exit = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ exit, stdout, stderr: stderr === "" && error !== null ? error.message : stderr });
    });
    child.stdin?.end();
  });
}

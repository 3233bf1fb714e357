import { spawn } from "node:child_process";
import { delimiter, dirname, join, resolve } from "node:path";

/** The project's folder. */
export const project = resolve(__dirname, "..", "..");

/** A command of the test run. */
export interface Command {
  readonly words: readonly [string, ...string[]];
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Called for each line on standard output. */
  readonly onLine?: (line: string) => void;
}

/** Ended commands' exit code and everything they wrote. */
export interface CommandEnd {
  readonly code: number;
  readonly output: string;
}

/** What every command gets: our own Node and the packages' commands first on PATH, Go at its usual place last. */
export function testEnvironment(): NodeJS.ProcessEnv {
  const path = [
    dirname(process.execPath),
    join(project, "node_modules", ".bin"),
    process.env["PATH"] ?? "",
    "/usr/local/go/bin",
  ].join(delimiter);
  return { ...process.env, PATH: path, PULUMI_ERROR_OUTPUT_STRING: "true", FORCE_COLOR: "0" };
}

/** Runs a command to its end. It shares our process group, so that Ctrl-C ends it too. */
export function runCommand(command: Command): Promise<CommandEnd> {
  const [name, ...rest] = command.words;
  return new Promise((resolveEnd, reject) => {
    const child = spawn(name, rest, {
      cwd: command.folder ?? project,
      env: { ...testEnvironment(), ...command.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let line = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      if (command.onLine !== undefined) lines.forEach(command.onLine);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolveEnd({ code: code ?? 1, output: signal === null ? output : `${output}\nended by ${signal}` });
    });
  });
}

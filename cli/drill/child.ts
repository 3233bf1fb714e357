import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endingWithUs } from "../../local/endingWithUs";
import { howToGoOn } from "../engine/operations";
import { projectFolder } from "../engine/stack";
import { drillEnvironment, type DrillPlace } from "./place";

/** A `terp` command of a drill. */
export interface DrillCommand {
  readonly words: readonly string[];
  readonly place: DrillPlace;
  /** Told each line that it says about how far it is. */
  readonly onLine: (line: string) => void;
  /** When aborted, the command is asked to end in good order. Default: it isn't. */
  readonly signal?: AbortSignal;
}

/** How a command ended. */
export interface DrillCommandEnd {
  readonly ok: boolean;
  readonly standardOutput: string;
  /** Why it failed, in its own words. */
  readonly complaint: string;
}

const keptLines = 200;

/**
 * Runs a `terp` command for a drill's stack, in a process group of its own: a Ctrl-C in the terminal reaches only us, and is
 * passed on. If we are killed, the kernel interrupts it (where util-linux is installed).
 *
 * @throws what the signal was aborted with, once the command has ended.
 */
export async function runTerp({ words, place, onLine, signal }: DrillCommand): Promise<DrillCommandEnd> {
  signal?.throwIfAborted();
  const own = [process.execPath, join(projectFolder, "bin", "terp"), ...words];
  const [program = process.execPath, ...rest] = endingWithUs("TERM", own);
  const child = spawn(program, rest, {
    cwd: projectFolder,
    env: drillEnvironment(place),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  signal?.addEventListener("abort", stop, { once: true });
  const output: Buffer[] = [];
  const lines: string[] = [];
  child.stdout.on("data", (data: Buffer) => output.push(data));
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    if (line.trim() !== "") onLine(line.trim());
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    signal?.throwIfAborted();
    return {
      ok: code === 0,
      standardOutput: Buffer.concat(output).toString("utf8"),
      complaint: complaintIn(lines),
    };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * Why a command failed. It says so at the end, after an empty line, and before that how far it was. Its advice to run it again
 * is for another place.
 */
export function complaintIn(lines: readonly string[]): string {
  const said = lines.slice(lines.indexOf("") + 1);
  return said
    .filter((line) => line.trim() !== "" && line !== howToGoOn)
    .join("\n")
    .trim();
}

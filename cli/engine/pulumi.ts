import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/events";
import { endingWithUs } from "../../local/endingWithUs";
import { eventOf } from "./eventLine";

/** One call of the Pulumi CLI. */
export interface PulumiCall {
  /** Words after `pulumi`. Never a secret: arguments are visible to every process. */
  readonly words: readonly string[];
  /** Folder with Pulumi.yaml. */
  readonly project: string;
  readonly environment: NodeJS.ProcessEnv;
  /** When aborted, pulumi is asked to end in good order: what runs is finished and saved. */
  readonly signal: AbortSignal;
}

/** How a call ended. */
export interface PulumiEnd {
  readonly code: number;
  readonly standardOutput: string;
  /** What pulumi said besides. */
  readonly standardError: string;
}

const poll = 100;

/**
 * A file without a name, for what pulumi writes. Not a pipe: if we are killed, writing to a pipe that nobody reads would
 * kill pulumi too, before it has saved the state and released its lock. And nothing is left behind.
 */
async function namelessFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "terp-"));
  try {
    return await open(join(folder, "file"), "w+", 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Files {
  readonly standardOutput: FileHandle;
  readonly standardError: FileHandle;
  readonly events: FileHandle;
}

/**
 * The engine is a Go program with most of its memory in use to its end: collecting a fourth as often saves a fifth of its processor time.
 * Above the limit it collects as often as it must.
 */
const collection = { GOGC: "400", GOMEMLIMIT: "1GiB" };

/**
 * Starts pulumi in a process group of its own: a Ctrl-C in the terminal reaches only us, and we pass it on once (pulumi takes a
 * second one for "at once, and lose the state"). If we are killed, the kernel interrupts pulumi (where util-linux is installed).
 */
function start(call: PulumiCall, files: Files): ChildProcess {
  const [command = "pulumi", ...rest] = endingWithUs("INT", ["pulumi", ...call.words]);
  return spawn(command, rest, {
    cwd: call.project,
    env: { ...collection, ...call.environment },
    detached: true,
    stdio: ["ignore", files.standardOutput.fd, files.standardError.fd, files.events.fd],
  });
}

function ending(child: ChildProcess, signal: AbortSignal): Promise<number> {
  const stop = (): void => {
    child.kill("SIGINT");
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return new Promise<number>((resolve, reject) => {
    child.on("error", (error) => {
      reject(new Error(`pulumi can't be started: ${error.message}; \`terp toolchain\` shows what is there`));
    });
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  }).finally(() => {
    signal.removeEventListener("abort", stop);
  });
}

async function content(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(size);
  await file.read(buffer, 0, size, 0);
  return buffer.toString("utf8");
}

async function run(
  call: PulumiCall,
  follow: (files: Files, ended: () => boolean) => Promise<void>,
): Promise<PulumiEnd> {
  call.signal.throwIfAborted();
  const files: Files = {
    standardOutput: await namelessFile(),
    standardError: await namelessFile(),
    events: await namelessFile(),
  };
  try {
    let ended = false;
    const end = ending(start(call, files), call.signal).finally(() => {
      ended = true;
    });
    const [code] = await Promise.all([end, follow(files, () => ended)]);
    call.signal.throwIfAborted();
    return {
      code,
      standardOutput: await content(files.standardOutput),
      standardError: await content(files.standardError),
    };
  } finally {
    await Promise.all(
      Object.values(files as unknown as Record<string, FileHandle>).map((file) => file.close()),
    );
  }
}

/**
 * Runs the Pulumi CLI to its end and returns what it said.
 *
 * @throws what the signal was aborted with, once pulumi has ended.
 */
export async function callPulumi(call: PulumiCall): Promise<PulumiEnd> {
  return run(call, () => Promise.resolve());
}

/** Reads the lines that were added to the log since the last time. */
class EventLog {
  private offset = 0;
  private rest = "";
  private readonly buffer = Buffer.alloc(1 << 18);

  public constructor(private readonly file: FileHandle) {}

  public async read(onEvent: (event: EngineEvent) => void): Promise<void> {
    for (;;) {
      const { bytesRead } = await this.file.read(this.buffer, 0, this.buffer.length, this.offset);
      if (bytesRead === 0) return;
      this.offset += bytesRead;
      // latin1 keeps bytes apart from characters: a character may be cut by the buffer's end.
      const lines = (this.rest + this.buffer.toString("latin1", 0, bytesRead)).split("\n");
      this.rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line !== "") onEvent(eventOf(line));
      }
    }
  }
}

/**
 * Runs an operation of the Pulumi CLI (`up`, `preview`, `destroy`, `refresh`) and follows its events while it runs.
 *
 * @param onEvent called for each event of the engine, in order. The engine blinds secrets in them.
 * @throws what the signal was aborted with, once pulumi has ended.
 */
export async function followPulumi(
  call: PulumiCall,
  onEvent: (event: EngineEvent) => void,
): Promise<PulumiEnd> {
  // The CLI has the option only with this switch, as Pulumi's own automation sets it. File 3 is the one without a name.
  const environment = { ...call.environment, PULUMI_DEBUG_COMMANDS: "true" };
  const words = [...call.words, "--event-log", "/proc/self/fd/3"];
  return run({ ...call, environment, words }, async (files, ended) => {
    const log = new EventLog(files.events);
    while (!ended()) {
      await log.read(onEvent);
      await new Promise((resolve) => setTimeout(resolve, poll));
    }
    await log.read(onEvent);
  });
}

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { processesIn, programFolders, type Cgroups } from "./cgroups";
import { ownFolder, readIfThere, readJson, writeWhole } from "../files";
import { identify, isAlive, signal, type ProcessIdentity } from "./processIdentity";
import { pause } from "./shell";
import type { NodeLayout } from "./spec";

/** One of the programs a node is made of. */
export interface Program {
  /** A short name: of its cgroup, log and pid file. */
  readonly name: string;
  /** The program's absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** In the node's own namespaces, or in the host's. */
  readonly place: "node" | "host";
  /** Files that it reads only at its start: when one changes, it is started anew. */
  readonly readsAtStart: readonly string[];
}

/** What a pid file holds. */
interface PidRecord extends ProcessIdentity {
  readonly binary: string;
  readonly fingerprint: string;
}

const longestLog = 10 * 1024 * 1024;

/** What identifies a program's settings: another fingerprint means that it has to be started anew. */
export function fingerprintOf(
  program: Program,
  read: (path: string) => string | undefined = readIfThere,
): string {
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([
      resolved(program.command),
      program.args,
      Object.entries(program.environment).sort(),
      program.place,
    ]),
  );
  for (const path of program.readsAtStart) hash.update(`\0${path}\0${read(path) ?? ""}`);
  return hash.digest("hex");
}

/** Another release of a program lies behind another link. */
function resolved(command: string): string {
  try {
    return realpathSync(command);
  } catch {
    return command;
  }
}

/** Starts, finds and ends the programs of one node. */
export class Supervisor {
  constructor(
    private readonly layout: NodeLayout,
    private readonly cgroups: Cgroups,
  ) {}

  /** Whether a program runs, and with the settings it should have. */
  stateOf(program: Program): "running" | "dead" | "changed" {
    const record = this.record(program.name);
    if (record === undefined || !isAlive(record)) return "dead";
    return record.fingerprint === fingerprintOf(program) ? "running" : "changed";
  }

  /** Whether a program of this name runs, whatever its settings. */
  isRunning(name: string): boolean {
    const record = this.record(name);
    return record !== undefined && isAlive(record);
  }

  /**
   * Sees to it that a program runs with its present settings. It outlives this process.
   *
   * @returns whether it had to be started.
   */
  async ensure(program: Program): Promise<boolean> {
    const state = this.stateOf(program);
    if (state === "running") return false;
    await this.stop(program.name);
    await this.killStrays(program);
    this.start(program);
    return true;
  }

  /** Ends a program: politely, then not. */
  async stop(name: string): Promise<void> {
    const record = this.record(name);
    if (record !== undefined) {
      signal(record, "SIGTERM");
      const end = Date.now() + 5_000;
      while (isAlive(record)) {
        if (Date.now() > end) signal(record, "SIGKILL");
        await pause(20);
      }
    }
    rmSync(this.pidFile(name), { force: true });
  }

  /**
   * The reason why a program that was started doesn't run any more.
   *
   * @throws with the end of its log, if it is dead.
   */
  check(name: string): void {
    if (this.isRunning(name)) return;
    const log = readIfThere(this.logFile(name)) ?? "";
    const tail = log.trimEnd().split("\n").slice(-5).join("\n");
    throw new Error(`${name} of the embedded node ended; the end of ${this.logFile(name)}:\n${tail}`);
  }

  /** Where a program's output goes. */
  logFile(name: string): string {
    return join(this.layout.logs, `${name}.log`);
  }

  private pidFile(name: string): string {
    return join(this.layout.pids, `${name}.json`);
  }

  private record(name: string): PidRecord | undefined {
    const record = readJson(this.pidFile(name));
    return isPidRecord(record) ? record : undefined;
  }

  /** A run that was killed between the start and the pid file leaves a process that only the cgroup knows. */
  private async killStrays(program: Program): Promise<void> {
    const binary = realpathSync(program.command);
    for (;;) {
      const strays = programFolders(this.cgroups, this.layout.cgroup, program.name)
        .flatMap(processesIn)
        // containerd's cgroup also holds the shims, which go on while containerd is started anew.
        .filter((pid) => executableOf(pid) === binary);
      if (strays.length === 0) return;
      for (const pid of strays) {
        const identity = identify(pid);
        if (identity !== undefined && executableOf(pid) === binary) signal(identity, "SIGKILL");
      }
      await pause(20);
    }
  }

  private start(program: Program): void {
    const folders = programFolders(this.cgroups, this.layout.cgroup, program.name);
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const log = this.openLog(program.name);
    const enter =
      program.place === "node"
        ? ["nsenter", `--net=${this.layout.networkNamespace}`, `--mount=${this.layout.mountNamespace}`, "--"]
        : [];
    // The shell joins the cgroups and becomes the program: the process id stays the same.
    const script =
      'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 >"$1" || exit 125; shift; n=$((n-1)); done; exec "$@"';
    const procs = folders.map((folder) => join(folder, "cgroup.procs"));
    try {
      const child = spawn(
        "/bin/sh",
        [
          "-c",
          script,
          program.name,
          String(procs.length),
          ...procs,
          ...enter,
          program.command,
          ...program.args,
        ],
        {
          detached: true,
          stdio: ["ignore", log, log],
          cwd: "/",
          env: { ...baseEnvironment(), ...program.environment },
        },
      );
      child.on("error", () => undefined);
      const identity = child.pid === undefined ? undefined : identify(child.pid);
      child.unref();
      if (identity === undefined)
        throw new Error(`${program.name} of the embedded node could not be started`);
      const record: PidRecord = {
        ...identity,
        binary: realpathSync(program.command),
        fingerprint: fingerprintOf(program),
      };
      writeWhole(this.pidFile(program.name), JSON.stringify(record));
    } finally {
      closeSync(log);
    }
  }

  private openLog(name: string): number {
    ownFolder(this.layout.logs);
    const path = this.logFile(name);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > longestLog) renameSync(path, `${path}.1`);
    return openSync(path, "a", 0o600);
  }
}

/** The node's programs get a small environment of their own, not the secrets that may be in the caller's. */
function baseEnvironment(): Record<string, string> {
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
  };
}

function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return undefined;
  }
}

function isPidRecord(value: unknown): value is PidRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    Number.isInteger(record["pid"]) &&
    Number.isInteger(record["start"]) &&
    typeof record["boot"] === "string" &&
    typeof record["binary"] === "string" &&
    typeof record["fingerprint"] === "string"
  );
}

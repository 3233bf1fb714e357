import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { folders } from "./machine";

/** The process in which a scenario's program runs, each time that the engine asks for it. */
export class ProgramHost {
  private constructor(
    private readonly child: ChildProcess,
    /** Where the engine finds it, for its option `--client`. */
    public readonly address: string,
  ) {}

  /**
   * @param environment what the program sees; names the scenario
   * @param directory the project's folder
   */
  public static async start(environment: NodeJS.ProcessEnv, directory: string): Promise<ProgramHost> {
    const child = fork(path.join(__dirname, "program.ts"), {
      cwd: directory,
      env: environment,
      execArgv: ["--require", folders.preload],
    });
    const { port } = await answer<{ readonly port: number }>(child);
    return new ProgramHost(child, `127.0.0.1:${String(port)}`);
  }

  /** Makes the next run that of a step, by its index. */
  public async choose(step: number): Promise<void> {
    const chosen = answer(this.child);
    this.child.send({ step });
    await chosen;
  }

  public close(): void {
    this.child.disconnect();
  }
}

/** @throws Error if the process ends instead */
async function answer<T>(child: ChildProcess): Promise<T> {
  const waiting = new AbortController();
  const ended = once(child, "exit", waiting).then(() => {
    throw new Error("the process that runs the scenario's program ended");
  });
  try {
    const [message] = (await Promise.race([once(child, "message", waiting), ended])) as [T];
    return message;
  } finally {
    waiting.abort();
    ended.catch(() => undefined);
  }
}

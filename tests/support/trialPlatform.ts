import { spawn, type ChildProcess } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { embeddedKubeconfig } from "../../cli/cluster/access";
import { readState, type StackState } from "../../cli/engine/state";
import { paths, type Paths } from "../../local/paths";
import { makeTestFolder, removeTestFolder, type TestFolder } from "./testFolder";

const checkout = resolve(__dirname, "..", "..");
const copied = ["bin", "charts", "cli", "components", "infra", "local", "pipelines", "stacks"];

/** How a `terp` command ended. */
export interface TerpEnd {
  readonly code: number | null;
  readonly standardOutput: string;
  readonly standardError: string;
}

/** A cluster that isn't the trial's own. */
export interface Elsewhere {
  /** What the stack's settings are called, and are. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Variables of `terp`: where the state is, and how it is encrypted. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * A platform of its own for a test, beside the developer's: a copy of the code in a temporary folder, which a test may edit,
 * a stack of its own name, and a TERP_HOME of its own. The toolchain's cache is shared.
 */
export class TrialPlatform {
  private runs = 0;

  private constructor(
    private readonly own: TestFolder,
    private readonly elsewhere: Elsewhere | undefined,
  ) {}

  /** Everything of the trial lies below this folder. */
  get folder(): string {
    return this.own.folder;
  }

  get stack(): string {
    return this.own.name;
  }

  /** Copies the code. Starts nothing. @param elsewhere where it is raised. Default: in an embedded cluster of its own. */
  static async create(elsewhere?: Elsewhere): Promise<TrialPlatform> {
    const trial = new TrialPlatform(await makeTestFolder(), elsewhere);
    await mkdir(trial.project);
    await mkdir(join(trial.folder, "logs"));
    const entries = await readdir(checkout);
    const files = entries.filter((name) =>
      /^(Pulumi\.yaml|package.*\.json|tsconfig\.json|.*\.d\.ts)$/.test(name),
    );
    for (const name of [...copied, ...files]) {
      const options = { recursive: true, preserveTimestamps: true };
      await cp(join(checkout, name), join(trial.project, name), options);
    }
    const settings = join(trial.project, `Pulumi.${trial.stack}.yaml`);
    if (elsewhere === undefined) await cp(join(checkout, "Pulumi.local.yaml"), settings);
    else await writeFile(settings, stringify({ config: elsewhere.settings }));
    await symlink(join(checkout, "node_modules"), join(trial.project, "node_modules"));
    return trial;
  }

  get project(): string {
    return join(this.folder, "project");
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.elsewhere?.variables,
      TERP_HOME: join(this.folder, "home"),
      TERP_STACK: this.stack,
      NO_COLOR: "1",
    };
  }

  get paths(): Paths {
    return paths(this.stack, this.environment);
  }

  /** Starts `terp` in a process group of its own, its output in a file each. */
  start(words: readonly string[]): { child: ChildProcess; ended: Promise<TerpEnd> } {
    this.runs += 1;
    const name = join(this.folder, "logs", String(this.runs).padStart(3, "0"));
    const files = [openSync(`${name}.out`, "w"), openSync(`${name}.err`, "w")] as const;
    const child = spawn(join(this.project, "bin", "terp"), words, {
      cwd: this.folder,
      env: this.environment,
      detached: true,
      stdio: ["ignore", ...files],
    });
    files.forEach(closeSync);
    const ended = new Promise<number | null>((resolveCode, reject) => {
      child.on("error", reject);
      child.on("close", resolveCode);
    }).then(async (code) => ({
      code,
      standardOutput: await readFile(`${name}.out`, "utf8"),
      standardError: await readFile(`${name}.err`, "utf8"),
    }));
    return { child, ended };
  }

  /** Runs `terp` to its end, whatever that is. */
  terp(...words: readonly string[]): Promise<TerpEnd> {
    return this.start(words).ended;
  }

  /** Runs `terp … --json` and returns what it says. @throws with its output unless it ends well. */
  async ask<T>(...words: readonly string[]): Promise<T> {
    const end = await this.terp(...words, "--json");
    if (end.code !== 0) {
      throw new Error(
        `terp ${words.join(" ")} ended with ${String(end.code)}:\n${end.standardError}\n${end.standardOutput}`,
      );
    }
    return JSON.parse(end.standardOutput) as T;
  }

  /** The API of the trial's cluster, as its administrator. */
  async api(): Promise<KubeApi> {
    const kubeconfig = await embeddedKubeconfig(this.stack, this.environment);
    if (kubeconfig === undefined) throw new Error(`the trial ${this.stack} has no cluster`);
    return new KubeApi(accessFrom(kubeconfig));
  }

  async state(): Promise<StackState | undefined> {
    return readState(this.paths.state, "terp", this.stack);
  }

  /** Changes a file of the copied code. @throws if there is nothing to change. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.project, file);
    const before = await readFile(path, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`${file}: the change changes nothing`);
    await writeFile(path, after);
  }

  /** Takes everything down and away; a cluster that isn't the trial's own stays as it is. */
  async remove(): Promise<void> {
    if (this.elsewhere === undefined && (await exists(this.paths.home))) {
      const end = await this.terp("down", "--purge", "--yes");
      if (end.code !== 0) throw new Error(`terp down ended with ${String(end.code)}:\n${end.standardError}`);
    }
    await removeTestFolder(this.own);
  }
}

/** Whether something is at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Works on a platform of its own, which is gone afterwards. */
export async function onATrial<T>(work: (trial: TrialPlatform) => Promise<T>): Promise<T> {
  const trial = await TrialPlatform.create();
  try {
    return await work(trial);
  } finally {
    await trial.remove();
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Stack } from "../../cli/engine/stack";
import { cacheFolder, paths } from "../../local/paths";
import { installStandIns, type StandIn } from "../../local/plugins/install";
import { ensureTools } from "../../local/toolchain";
import { engineFolder } from "../../local/toolchain/engine";
import { silent } from "../../local/progress";

const checkout = resolve(__dirname, "..", "..");
const linked = [
  "infra",
  "components",
  "local",
  "node_modules",
  "package.json",
  "tsconfig.json",
  "Pulumi.yaml",
];

/** How a command ended. */
export interface End {
  /** `null` if it was killed. */
  readonly code: number | null;
  readonly output: string;
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<End>;
}

/** A program of a test's own with this checkout's code, and a real engine with a state of its own. */
export class EngineProject {
  private constructor(
    /** Everything of it lies below this folder. */
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Makes the project. Its stack `test` exists once {@link initialise} was called.
   *
   * @param program What stands in `stacks/index.ts`.
   * @param environment What the engine and its plugins get in their environment besides this process's.
   */
  static async create(
    program: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<EngineProject> {
    const folder = await mkdtemp(join(tmpdir(), "terp-engine-"));
    const tools = await ensureTools(["pulumi", "pulumi-language-nodejs"], silent);
    const engine = await engineFolder(tools.pulumi, tools["pulumi-language-nodejs"]);
    const project = new EngineProject(folder, {
      ...process.env,
      PULUMI_HOME: join(folder, "pulumi"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      TMPDIR: join(folder, "temporary"),
      NO_COLOR: "1",
      ...environment,
      PATH: `${engine}:${environment["PATH"] ?? process.env["PATH"] ?? ""}`,
    });
    await mkdir(project.temporary);
    await mkdir(join(project.program, "stacks"), { recursive: true });
    for (const name of linked) await symlink(join(checkout, name), join(project.program, name));
    await writeFile(join(project.program, "stacks", "index.ts"), program);
    return project;
  }

  /** Has the engine use our stand-in for a plugin. */
  async attach(name: StandIn): Promise<void> {
    const executables = await installStandIns(join(cacheFolder(), "plugins"));
    const manifest = join(checkout, "node_modules", "@pulumi", name, "package.json");
    const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
    const folder = join(this.folder, "pulumi", "plugins", `resource-${name}-v${version}`);
    await mkdir(folder, { recursive: true });
    await symlink(executables[name], join(folder, `pulumi-resource-${name}`));
  }

  get program(): string {
    return join(this.folder, "program");
  }

  /** For what its runs keep for a while. */
  get temporary(): string {
    return join(this.folder, "temporary");
  }

  get state(): string {
    return join(this.folder, "state");
  }

  /** Makes the stack `test` in an empty state. */
  async initialise(): Promise<void> {
    await rm(this.state, { recursive: true, force: true });
    await rm(join(this.program, "Pulumi.test.yaml"), { force: true });
    await mkdir(this.state);
    const { code, output } = await this.run("stack", "init", "test");
    if (code !== 0) throw new Error(output);
  }

  /** A stack of it, as `terp` knows one that isn't the embedded cluster's. */
  asStack(name: string): Stack {
    return {
      name,
      project: "terp",
      folder: this.program,
      paths: paths(name, { ...this.environment, TERP_HOME: join(this.folder, "home") }),
      embedded: false,
      environment: this.environment,
      plugins: [],
      signal: new AbortController().signal,
    };
  }

  /** Runs the Pulumi CLI to its end. */
  async run(...words: readonly string[]): Promise<End> {
    return await this.start(...words).end;
  }

  /** Runs `up` to its end, without asking. */
  async up(...words: readonly string[]): Promise<End> {
    return await this.run("up", "--stack", "test", "--yes", "--skip-preview", ...words);
  }

  /** An output of the stack. */
  async output(name: string): Promise<string> {
    return (await this.run("stack", "output", "--stack", "test", name)).output.trim();
  }

  /** Starts the Pulumi CLI in a process group of its own. */
  start(...words: readonly string[]): Running {
    const child = spawn("pulumi", ["--non-interactive", ...words], {
      cwd: this.program,
      env: this.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (output += data.toString()));
    }
    const end = new Promise<End>((settle, fail) => {
      child.once("error", fail);
      child.once("close", (code) => {
        settle({ code, output });
      });
    });
    return { child, end };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

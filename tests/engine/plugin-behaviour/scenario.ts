import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CheckpointReader } from "./checkpoint";
import { run, type Done } from "./command";
import { isEngineResource, nameOf, readEvents } from "./events";
import { folders, type Machine } from "./machine";
import { normaliseText, type Surroundings } from "./normalise";
import { ProgramHost } from "./programHost";
import { recordState, type ExportedResource } from "./state";
import { secretsProvider } from "./vault";
import type { CommandRecord, Json, JsonObject, ScenarioRecord, StepRecord } from "./types";

/** What a scenario's hooks may use to look at the cluster and the state, and to interfere. */
interface Hands {
  readonly ns: string;
  readonly dir: string;
  readonly kubectl: (args: readonly string[], input?: string) => string;
  readonly get: (...args: string[]) => unknown;
  readonly apply: (object: unknown, ...args: string[]) => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly encryptedState: () => Promise<string>;
  readonly state: () => Promise<ExportedResource[]>;
}

type Hook = (hands: Hands) => unknown;

interface Step {
  readonly note?: string;
  readonly op?: string;
  readonly preview?: boolean;
  readonly previewArgs?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly before?: Hook;
  readonly after?: Hook;
}

interface Scenario {
  readonly steps: readonly Step[];
  readonly cluster?: boolean;
  readonly showProviders?: boolean;
  readonly destroy?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly afterDestroy?: Hook;
  readonly cleanup?: Hook;
}

const project = "name: pb\nruntime: nodejs\n";

/** How to run one scenario. */
export interface RunOptions {
  readonly machine: Machine;
  /** Keep the temporary folder with the state and the event logs, to look at. @default false */
  readonly keep?: boolean;
}

/**
 * Runs one scenario through the real engine and records what happened.
 *
 * It works in namespace `pb-NN`, which it empties first, and in a temporary folder with a stack of its own.
 *
 * @param name the scenario's file name without its ending, e.g. `14-wait-deployment`.
 */
export async function runScenario(name: string, { machine, keep }: RunOptions): Promise<ScenarioRecord> {
  const scenario = await ScenarioRun.prepare(name, machine);
  try {
    return await scenario.record();
  } finally {
    await scenario.close(keep ?? false);
  }
}

class ScenarioRun {
  private readonly ns: string;
  private readonly scenario: Scenario;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly around: Surroundings;
  private readonly checkpoint: CheckpointReader;
  private readonly hands: Hands;
  private host: ProgramHost | undefined;

  private constructor(
    private readonly name: string,
    machine: Machine,
    private readonly directory: string,
  ) {
    const file = path.join(folders.scenarios, `${name}.js`);
    this.ns = `pb-${name.slice(0, 2)}`;
    // A scenario is found by its name.
    this.scenario = require(file) as Scenario;
    this.around = { directory, server: machine.server, scenarios: folders.scenarios };
    this.environment = {
      ...machine.environment,
      PULUMI_BACKEND_URL: `file://${directory}/state`,
      HELM_CACHE_HOME: `${directory}/hc`,
      HELM_CONFIG_HOME: `${directory}/hf`,
      HELM_DATA_HOME: `${directory}/hd`,
      PB_SCENARIO: file,
      PB_NS: this.ns,
      PB_HERE: directory,
      ...this.scenario.env,
    };
    const state = path.join(directory, "state/.pulumi/stacks/pb/s.json");
    this.checkpoint = new CheckpointReader(state);
    this.hands = this.makeHands();
  }

  static async prepare(name: string, machine: Machine): Promise<ScenarioRun> {
    const directory = await mkdtemp(path.join(os.tmpdir(), `pb-${name.slice(0, 2)}-`));
    await mkdir(path.join(directory, "state"));
    await writeFile(path.join(directory, "Pulumi.yaml"), project);
    await symlink(folders.nodeModules, path.join(directory, "node_modules"));
    await cp(folders.chart, path.join(directory, "chart"), { recursive: true });
    const prepared = new ScenarioRun(name, machine, directory);
    if (prepared.usesCluster) {
      await prepared.removeNamespaces({ wait: true });
      prepared.hands.kubectl(["create", "ns", prepared.ns]);
    }
    const made = await prepared.pulumi(["stack", "init", "s", "--secrets-provider", secretsProvider]);
    if (made.exit !== 0) throw new Error(`can't make the stack of ${name}: ${made.stderr}`);
    return prepared;
  }

  async record(): Promise<ScenarioRecord> {
    const { scenario } = this;
    const record: ScenarioRecord = { scenario: this.name, steps: [] };
    for (const index of scenario.steps.keys()) record.steps.push(await this.recordStep(index));
    if (scenario.destroy !== false) {
      record.destroy = await this.command("destroy", scenario.steps.length - 1);
      if (scenario.afterDestroy) record.afterDestroy = await this.facts(scenario.afterDestroy);
    }
    return record;
  }

  async close(keep: boolean): Promise<void> {
    this.endHost();
    await this.scenario.cleanup?.(this.hands);
    if (this.usesCluster) await this.removeNamespaces({ wait: false });
    if (keep) console.error(`kept ${this.directory}`);
    else await rm(this.directory, { recursive: true, force: true });
  }

  private get usesCluster(): boolean {
    return this.scenario.cluster !== false;
  }

  private async recordStep(index: number): Promise<StepRecord> {
    // A step that is only a program is a function; its other settings are then absent.
    const step = this.scenario.steps[index] ?? {};
    const record: StepRecord = { step: index + 1 };
    if (step.note !== undefined) record.note = step.note;
    if (step.before) {
      const before = await step.before(this.hands);
      if (before !== undefined) record.before = this.normaliseFacts(before);
    }
    if (step.preview !== false) {
      record.preview = await this.command(`preview ${step.previewArgs ?? ""}`.trim(), index);
    }
    const kind = step.op ?? "up";
    if (kind !== "preview") {
      record.command = kind;
      const result = await this.command(kind, index);
      record.result = result;
      const resources = (await this.checkpoint.resources()).filter(({ type }) => !isEngineResource(type));
      record.state = resources.map((resource) => {
        const done = result.resources.find(
          (r) => r.name === nameOf(resource.urn) && r.type === resource.type,
        );
        return recordState(resource, {
          ...this.around,
          changed: done?.ops.some((op) => op !== "same") ?? false,
        });
      });
    }
    if (step.after) record.facts = await this.facts(step.after);
    return record;
  }

  /** Runs one command of the engine, e.g. `up --refresh`, for one step. */
  private async command(kind: string, index: number): Promise<CommandRecord> {
    const step = this.scenario.steps[index] ?? {};
    const [verb = "", ...flags] = kind.split(" ");
    const log = path.join(this.directory, `events-${String(index)}-${kind.replace(/\W/g, "")}.json`);
    const always = ["--non-interactive", "--color", "never", "--event-log", log];
    const agreed = verb === "preview" ? [] : ["--yes", "--skip-preview"];
    const own = verb === "destroy" ? [] : (step.args ?? []);
    const started = Date.now();
    // A program that destroys nothing by itself isn't run for a destruction.
    const program = verb === "destroy" ? [] : ["--client", await this.programOf(index)];
    const done = await this.pulumi([verb, ...always, ...agreed, ...flags, ...program, ...own], step.env);
    if (done.exit !== 0) this.endHost();
    const seconds = Math.round((Date.now() - started) / 1000);
    const withProviders = this.scenario.showProviders ?? false;
    const events = await readEvents({ ...this.around, file: log, withProviders });
    const unexplained = done.exit !== 0 && !events.messages;
    const output = normaliseText(done.stderr + done.stdout, this.around)
      .trim()
      .split("\n");
    return { exit: done.exit, seconds, ...events, ...(unexplained && { stderr: output.slice(0, 30) }) };
  }

  /** The address at which the engine finds the program of a step. */
  private async programOf(index: number): Promise<string> {
    this.host ??= await ProgramHost.start(this.environment, this.directory);
    await this.host.choose(index);
    return this.host.address;
  }

  /** What a program leaves behind when the engine gives up, as promises that fail late, must not meet the next run. */
  private endHost(): void {
    this.host?.close();
    this.host = undefined;
  }

  private pulumi(args: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<Done> {
    return run("pulumi", args, { cwd: this.directory, env: { ...this.environment, ...extra } });
  }

  private async facts(hook: Hook): Promise<Json> {
    return this.normaliseFacts((await hook(this.hands)) ?? null);
  }

  private normaliseFacts(value: unknown): Json {
    return JSON.parse(normaliseText(JSON.stringify(value), this.around)) as Json;
  }

  private makeHands(): Hands {
    const { ns, environment: env } = this;
    const kubectl = (args: readonly string[], input?: string): string => {
      try {
        return execFileSync("kubectl", args, {
          input,
          encoding: "utf8",
          stdio: ["pipe", "pipe", "pipe"],
          env,
        });
      } catch (error) {
        return `error: ${(error as { stderr?: string }).stderr ?? String(error)}`;
      }
    };
    return {
      ns,
      dir: this.directory,
      kubectl,
      get: (...args) => {
        try {
          return JSON.parse(kubectl(["get", "-n", ns, ...args, "-o", "json"])) as JsonObject;
        } catch {
          return undefined;
        }
      },
      apply: (object, ...args) => kubectl(["apply", "-n", ns, ...args, "-f", "-"], JSON.stringify(object)),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      encryptedState: () => this.checkpoint.text(),
      state: () => this.checkpoint.resources(),
    };
  }

  /** Removes this scenario's namespaces, also those that a killed run left behind. */
  private async removeNamespaces({ wait }: { readonly wait: boolean }): Promise<void> {
    const all = this.hands.kubectl(["get", "ns", "-o", "name"]).split("\n");
    const own = all.filter(
      (name) => name === `namespace/${this.ns}` || name.startsWith(`namespace/${this.ns}-`),
    );
    if (own.length === 0) return;
    const args = ["delete", ...own, "--ignore-not-found", `--wait=${String(wait)}`];
    await run("kubectl", args, { env: this.environment });
  }
}

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { cacheFolder } from "../../../local/paths";
import { installStandIns } from "../../../local/plugins/install";
import { startVault } from "./vault";

const root = path.resolve(__dirname, "../../..");

/** Where the scenarios, what is expected of them and their chart are. */
export const folders = {
  scenarios: path.join(__dirname, "scenarios"),
  expected: path.join(__dirname, "expected"),
  chart: path.join(__dirname, "chart"),
  preload: path.join(root, "infra", "preload.cjs"),
  nodeModules: path.join(root, "node_modules"),
} as const;

/** What all scenarios of one run share: the environment of the engine, and the cluster. */
export interface Machine {
  readonly environment: NodeJS.ProcessEnv;
  /** The API server's address. */
  readonly server: string;
  /** Removes what was made for the run. */
  readonly close: () => Promise<void>;
}

/** Where the engine and the cluster come from. */
export interface MachineOptions {
  /** Environment with the engine, its Node language host, kubectl and helm on PATH. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** File with a kubeconfig. @default KUBECONFIG of the environment; without one, scenarios get no cluster */
  readonly kubeconfig?: string | undefined;
  /** Whether to test the plugins that are on PATH, and not the stand-ins. @default false */
  readonly official?: boolean;
}

/** Prepares one run: a Pulumi home of its own, the stand-in plugins on PATH, a kubeconfig with the expected names. */
export async function prepareMachine(options: MachineOptions = {}): Promise<Machine> {
  const environment = options.environment ?? process.env;
  const directory = await mkdtemp(path.join(os.tmpdir(), "plugin-behaviour-"));
  const pluginFolders = options.official ? [] : await standInFolders(environment);
  const kubeconfig = path.join(directory, "kubeconfig");
  const source = options.kubeconfig ?? environment["KUBECONFIG"];
  const { text, server } = source ? renameKubeconfig(await readFile(source, "utf8")) : noCluster;
  await writeFile(kubeconfig, text, { mode: 0o600 });
  const vault = await startVault();
  return {
    server,
    environment: {
      ...environment,
      PATH: [...pluginFolders, environment["PATH"] ?? ""].join(":"),
      KUBECONFIG: kubeconfig,
      PULUMI_HOME: path.join(directory, "home"),
      ...vault.environment,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DEBUG_COMMANDS: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NODE_PATH: folders.nodeModules,
    },
    close: () => {
      vault.close();
      return rm(directory, { recursive: true, force: true });
    },
  };
}

async function standInFolders(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const executables = await installStandIns(path.join(cacheFolder(environment), "plugins"));
  return Object.values(executables).map((executable) => path.dirname(executable));
}

/** Without a cluster there is no address to hide, so it is one that no text holds. */
const noCluster = { text: "", server: "https://no-cluster.invalid" };

interface Named {
  name: string;
}

interface Kubeconfig {
  clusters: (Named & { cluster: { server: string } })[];
  contexts: (Named & { context: { cluster: string; user: string } })[];
  users: Named[];
  "current-context": string;
}

/**
 * Gives the cluster, context and user of a kubeconfig the names that the scenarios replace: k, c and u.
 *
 * @throws Error if the current context, its cluster or its user is missing.
 */
export function renameKubeconfig(text: string): { readonly text: string; readonly server: string } {
  const config = parse(text) as Kubeconfig;
  const context = pick(config.contexts, config["current-context"], "context");
  const cluster = pick(config.clusters, context.context.cluster, "cluster");
  const user = pick(config.users, context.context.user, "user");
  const renamed = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ ...cluster, name: "k" }],
    contexts: [{ context: { cluster: "k", user: "u" }, name: "c" }],
    "current-context": "c",
    users: [{ ...user, name: "u" }],
  };
  return { text: stringify(renamed, { lineWidth: 0 }), server: cluster.cluster.server };
}

function pick<T extends Named>(items: readonly T[], name: string, what: string): T {
  const item = items.find((candidate) => candidate.name === name);
  if (!item) throw new Error(`the kubeconfig names a ${what} "${name}" that it doesn't hold`);
  return item;
}

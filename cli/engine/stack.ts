import { readFile } from "node:fs/promises";
import { writeWhole } from "../../local/files";
import { dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { withoutSecretsProvider } from "../../infra/config/stackFile";
import { usualStandIns } from "../../local/plugins/install";
import type { PluginState, StandIn } from "../../local/toolchain";
import { silent, type Progress } from "../../local/progress";
import { paths, type Paths } from "../../local/paths";
import { CommandError, exitCodes } from "../exit";
import { toolchain } from "../lazy";
import { backendOf } from "./backend";
import { checkedConfig, settingsOf } from "./settings";

/** A stack of this project, and what is needed to run the engine on it. */
export interface Stack {
  readonly name: string;
  /** The project's name, from Pulumi.yaml. */
  readonly project: string;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  readonly paths: Paths;
  /** Whether its cluster is the embedded one. */
  readonly embedded: boolean;
  /** For every process that is started for the stack. */
  readonly environment: NodeJS.ProcessEnv;
  /** Which plugins the engine runs. */
  readonly plugins: readonly PluginState[];
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** This project's folder. */
export const projectFolder = dirname(dirname(resolve(__dirname)));

/** The name that Pulumi.yaml gives the project. */
export async function projectName(folder = projectFolder): Promise<string> {
  const file = join(folder, "Pulumi.yaml");
  return z.looseObject({ name: z.string() }).parse(parse(await readFile(file, "utf8"))).name;
}

/**
 * The text of a stack's settings: its own in its folder, else the checkout's.
 *
 * @throws CommandError if there are none.
 */
export async function settingsText(stack: string, folder = projectFolder): Promise<string> {
  const own = await readFile(paths(stack).settings, "utf8").catch(() => undefined);
  if (own !== undefined) return own;
  const file = join(folder, `Pulumi.${stack}.yaml`);
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new CommandError(
      `Stack ${stack}: there is no ${file}. Use \`--stack local\`, or write that file after the example of Pulumi.dev.yaml.`,
      exitCodes.usage,
    );
  }
}

/** What a stack's settings, read without checking them, say of what has to be prepared for it. */
export interface Needs {
  /** Whether the stack's cluster is the embedded one: then state and passphrase are on this machine. */
  readonly embedded: boolean;
  /** Whether something of it is in Azure. */
  readonly inAzure: boolean;
  /** The plugins that its program uses. */
  readonly plugins: readonly StandIn[];
}

/**
 * What has to be prepared for a stack.
 *
 * @throws CommandError if it has no settings.
 */
export async function needsOf(stack: string, folder = projectFolder): Promise<Needs> {
  const settings = settingsOf(await settingsText(stack, folder), await projectName(folder));
  const { cluster, git } = settings as Readonly<
    Record<"cluster" | "git", { readonly kind?: unknown } | undefined>
  >;
  const inAzure = "azure" in settings;
  return {
    embedded: cluster?.kind === "local",
    inAzure,
    plugins: [
      ...usualStandIns,
      ...(inAzure ? (["azure-native"] as const) : []),
      ...(git?.kind === "github" ? (["github"] as const) : []),
    ],
  };
}

/**
 * The variables that tell the engine where the state of a stack in Azure is; none for others.
 *
 * @throws CommandError if its settings are wrong.
 */
export async function backendVariables(
  stack: string,
  { inAzure }: Needs,
): Promise<{ readonly PULUMI_BACKEND_URL?: string }> {
  if (!inAzure) return {};
  const names = { project: await projectName(), stack };
  const backend = backendOf(checkedConfig(await settingsText(stack), names, "prepare"), process.env);
  return backend === undefined ? {} : { PULUMI_BACKEND_URL: backend.url };
}

/** {@link Needs.embedded} alone. @throws CommandError if the stack has no settings. */
export async function usesEmbeddedCluster(stack: string, folder = projectFolder): Promise<boolean> {
  return (await needsOf(stack, folder)).embedded;
}

/**
 * Prepares the environment of a stack (passphrase, backend, tools on PATH).
 *
 * @param name the stack's name.
 * @param signal aborted when the person interrupts.
 * @param progress told about tools and plugins that aren't there yet.
 */
export async function openStack(
  name: string,
  signal: AbortSignal,
  progress: Progress = silent,
): Promise<Stack> {
  const needs = await needsOf(name);
  const { embedded } = needs;
  let plugins: readonly PluginState[] = [];
  const onPlugins = (found: readonly PluginState[]): void => {
    plugins = found;
  };
  const environment = await toolchain().ensureEnvironment(name, {
    localState: embedded,
    plugins: needs.plugins,
    progress,
    onPlugins,
  });
  return {
    name,
    project: await projectName(),
    folder: projectFolder,
    paths: paths(name),
    embedded,
    environment: { ...environment, ...(await backendVariables(name, needs)) },
    plugins,
    signal,
  };
}

/**
 * A project folder of a stack with the embedded cluster: what Pulumi adds to settings (the salt of this machine's passphrase) goes
 * there, and the checkout stays as it is.
 *
 * @returns the folder, with Pulumi.yaml and the stack's settings written anew.
 */
export async function settingsFolder(stack: Stack): Promise<string> {
  const folder = join(stack.paths.keep, "settings");
  writeWhole(join(folder, "Pulumi.yaml"), stringify({ name: stack.project, runtime: "nodejs" }));
  const settings = withoutSecretsProvider(await settingsText(stack.name, stack.folder));
  writeWhole(settingsFile(stack, folder), settings);
  return folder;
}

/** The stack's settings file in a folder. */
export function settingsFile(stack: Stack, folder: string): string {
  return join(folder, `Pulumi.${stack.name}.yaml`);
}

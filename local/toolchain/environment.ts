import { randomBytes } from "node:crypto";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { homeFolder, paths } from "../paths";
import { usualStandIns, type StandIn } from "../plugins/install";
import { silent, type Progress } from "../progress";
import { specOf } from "./catalog";
import { engineFolder } from "./engine";
import { settleEngineLog } from "./engineLog";
import { ensurePlugins, type PluginState } from "./enginePlugins";
import { ensureTools, findTool } from "./ensure";
import { findGo } from "./go";
import { replaceLink } from "./links";
import { withoutOurs } from "./onPath";

/** How an engine's environment is made. */
export interface EnvironmentOptions {
  /** Whether the state and its passphrase are in the stack's folder on this machine. Default true; false leaves both to the user's settings. */
  readonly localState?: boolean;
  /** The plugins that the program needs. Default: those that every stack needs. */
  readonly plugins?: readonly StandIn[];
  /** Told about tools and plugins that aren't there yet. Default: nobody. */
  readonly progress?: Progress;
  /** Told which plugins run. */
  readonly onPlugins?: (plugins: readonly PluginState[]) => void;
}

/**
 * The environment in which the engine runs for a stack: the tools on PATH, a Pulumi home of our own with the plugins,
 * the state and its passphrase. The user's Pulumi home, Helm settings and kubeconfig are neither used nor changed.
 *
 * @param stack the stack's name.
 * @returns the whole environment, this process's included.
 */
export async function ensureEnvironment(
  stack: string,
  {
    localState = true,
    plugins: names = usualStandIns,
    progress = silent,
    onPlugins,
  }: EnvironmentOptions = {},
): Promise<NodeJS.ProcessEnv> {
  const places = paths(stack);
  const tools = await ensureTools(["pulumi", "pulumi-language-nodejs", "sops"], progress);
  const engine = await engineFolder(tools.pulumi, tools["pulumi-language-nodejs"]);
  const plugins = await ensurePlugins(names, join(engine, "pulumi"), progress);
  onPlugins?.(plugins);
  await settleEngineLog(places.pulumiHome);
  const programs = await linkPrograms(tools.sops.directory);
  const helm = join(homeFolder(), "helm");
  const standsIn = plugins.some((plugin) => plugin.kind === "stand-in");
  return {
    ...process.env,
    PATH: [engine, programs, withoutOurs(process.env["PATH"] ?? "")].join(":"),
    PULUMI_HOME: places.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    TERP_CHECKOUT: resolve(__dirname, "../.."),
    HELM_CACHE_HOME: join(helm, "cache"),
    HELM_CONFIG_HOME: join(helm, "config"),
    HELM_DATA_HOME: join(helm, "data"),
    // Else the engine would try to fetch what was just found to be out of reach.
    ...(standsIn ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    ...(localState ? await localBackend(places.state, places.passphrase) : {}),
  };
}

/** The programs that run beside the engine, in one folder: those that are there. */
async function linkPrograms(sops: string): Promise<string> {
  const folder = join(homeFolder(), "pulumi", "bin");
  await mkdir(folder, { recursive: true });
  await replaceLink(join(sops, "sops"), join(folder, "sops"));
  const go = await findGo();
  const others = [
    ["kubectl", "kube"],
    ["helm", "helm"],
  ] as const;
  for (const [program, name] of others) {
    const tool = await findTool(specOf(name), go);
    if (tool !== undefined) await replaceLink(join(tool.directory, program), join(folder, program));
  }
  return folder;
}

async function localBackend(state: string, passphrase: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  await ensurePassphrase(passphrase);
  return {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    // It would go before the file.
    PULUMI_CONFIG_PASSPHRASE: undefined,
  };
}

/**
 * Makes the file with the passphrase that encrypts the state's secrets, once: whoever comes first decides, and nobody
 * overwrites it.
 */
export async function ensurePassphrase(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(temporary, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  try {
    // Unlike a rename it fails if the file is there, and unlike an exclusive create it never leaves half of it.
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

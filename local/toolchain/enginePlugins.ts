import { access, constants, mkdir, readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { installStandIns, type StandIn } from "../plugins/install";
import { cacheFolder, homeFolder } from "../paths";
import type { Progress } from "../progress";
import { specOf } from "./catalog";
import { command } from "./command";
import { reachable, resolveDownload } from "./download";
import { replaceLink } from "./links";
import { compareVersions } from "./goModule";
import { withoutOurs } from "./onPath";

/** One of the plugins that the program needs, and which one the engine will run. */
export interface PluginState {
  readonly name: StandIn;
  /** The version of the package that the program uses. */
  readonly version: string;
  /** `official`: the publisher's. `stand-in`: ours, from local/plugins. */
  readonly kind: "official" | "stand-in";
  /** The executable, absolute. */
  readonly executable: string;
}

/** Where the engine looks for plugins. */
function pluginsFolder(): string {
  return join(homeFolder(), "pulumi", "plugins");
}

/**
 * Makes the plugins ready in our Pulumi home: the publisher's where PATH or the user's Pulumi home has a fitting one or
 * it can be downloaded, else the stand-ins.
 *
 * @param names the plugins.
 * @param engine the `pulumi` that downloads.
 */
export async function ensurePlugins(
  names: readonly StandIn[],
  engine: string,
  progress: Progress,
): Promise<readonly PluginState[]> {
  const states = await Promise.all(names.map(async (name) => findOfficial(name, await packageVersion(name))));
  const missing = names.filter((_, place) => states[place] === undefined);
  if (missing.length > 0) {
    const fetched = await downloadOfficial(missing, engine, progress);
    const executables = await installStandIns(join(cacheFolder(), "plugins"));
    for (const name of missing) {
      const version = await packageVersion(name);
      const executable = executables[name];
      states[names.indexOf(name)] = fetched.get(name) ?? { name, version, kind: "stand-in", executable };
    }
  }
  const chosen = states.filter((state) => state !== undefined);
  await Promise.all(chosen.map(attach));
  return chosen;
}

/** The newest of the versions that speak for the same package: those of the same major version. */
export function newestFitting(versions: readonly string[], wanted: string): string | undefined {
  return versions
    .filter((version) => version.split(".")[0] === wanted.split(".")[0])
    .sort((a, b) => compareVersions(b, a))[0];
}

async function packageVersion(name: StandIn): Promise<string> {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
}

/** The publisher's plugin on PATH, in our Pulumi home, or in the user's. */
async function findOfficial(name: StandIn, version: string): Promise<PluginState | undefined> {
  const program = `pulumi-resource-${name}`;
  for (const folder of withoutOurs(process.env["PATH"] ?? "").split(delimiter)) {
    const executable = join(folder, program);
    if (folder !== "" && (await isExecutable(executable)))
      return { name, version, kind: "official", executable };
  }
  const installed = join(officialHome(name), "plugins");
  for (const home of [installed, join(userHome(), "plugins")]) {
    const folders = await readdir(home).catch(() => []);
    const prefix = `resource-${name}-v`;
    const versions = folders
      .filter((each) => each.startsWith(prefix))
      .map((each) => each.slice(prefix.length));
    const newest = newestFitting(versions, version);
    const executable = join(home, `${prefix}${newest ?? ""}`, program);
    if (newest !== undefined && (await isExecutable(executable)))
      return { name, version, kind: "official", executable };
  }
  return undefined;
}

/** A Pulumi home for the one plugin, so that installing it touches nothing that is attached. */
function officialHome(name: StandIn): string {
  return join(homeFolder(), "pulumi", "official", name);
}

function userHome(): string {
  const named = process.env["PULUMI_HOME"];
  const ours = join(homeFolder(), "pulumi");
  return named !== undefined && named !== ours ? named : join(homedir(), ".pulumi");
}

/** Asks the publisher once: where stand-ins were attached before, they stay. */
async function downloadOfficial(
  names: readonly StandIn[],
  engine: string,
  progress: Progress,
): Promise<ReadonlyMap<StandIn, PluginState>> {
  const got = new Map<StandIn, PluginState>();
  const before = await readdir(pluginsFolder()).catch(() => []);
  if (names.every((name) => before.some((each) => each.startsWith(`resource-${name}-`)))) return got;
  const probe = resolveDownload(specOf("pulumi"));
  if (probe === undefined || !(await reachable(probe))) {
    progress.note(`the official plugins can't be downloaded: stand-ins run for ${names.join(", ")}`);
    return got;
  }
  for (const name of names) {
    const version = await packageVersion(name);
    await progress.step(`plugin ${name} ${version}`, async () => {
      const home = officialHome(name);
      const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const result = await command(engine, ["plugin", "install", "resource", name, `v${version}`], { env });
      const executable = join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
      if (result.ok && (await isExecutable(executable)))
        got.set(name, { name, version, kind: "official", executable });
      else progress.note(`plugin ${name}: ${result.stderr.trim()}; a stand-in runs instead`);
    });
  }
  return got;
}

/** Puts the executable where the engine looks for the version that the program asks for. */
async function attach({ name, version, executable }: PluginState): Promise<void> {
  const folder = join(pluginsFolder(), `resource-${name}-v${version}`);
  await mkdir(folder, { recursive: true });
  await replaceLink(executable, join(folder, `pulumi-resource-${name}`));
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

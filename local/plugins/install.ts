import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** The packages that have a stand-in plugin. */
export const standIns = ["azure-native", "github", "kubernetes", "random", "tls"] as const;

export type StandIn = (typeof standIns)[number];

/** Those that every stack needs. */
export const usualStandIns: readonly StandIn[] = ["kubernetes", "random", "tls"];

const root = path.resolve(__dirname, "../..");

/**
 * Makes the stand-in plugins ready to be started by the engine: each is bundled into one file, which starts four times
 * as fast as its sources. Does nothing when they are there already; safe to run twice at once.
 *
 * @param cache folder to keep them in; what they are made from is part of their path
 * @returns the path of each plugin's executable, whose name is `pulumi-resource-<package>`
 */
export async function installStandIns(cache: string): Promise<Readonly<Record<StandIn, string>>> {
  const folder = path.join(cache, await sourceKey());
  if (!(await exists(folder))) await bundleInto(folder);
  const executables = standIns.map((name) => [name, path.join(folder, name, `pulumi-resource-${name}`)]);
  return Object.fromEntries(executables) as Record<StandIn, string>;
}

/** What the bundles are made from: our sources, the exact packages, and the Node that runs them. */
async function sourceKey(): Promise<string> {
  const folders = [__dirname, path.join(root, "infra/protobuf")];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder, { recursive: true });
      return names.filter((name) => name.endsWith(".ts")).map((name) => path.join(folder, name));
    }),
  );
  const hash = createHash("sha256").update(process.execPath);
  for (const file of [...found.flat().sort(), path.join(root, "package-lock.json")]) {
    hash.update(`\0${path.relative(root, file)}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 32);
}

async function bundleInto(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const making = await mkdtemp(`${folder}.`);
  try {
    await Promise.all(standIns.map((name) => bundle(name, path.join(making, name), path.join(folder, name))));
    await rename(making, folder).catch(async (error: unknown) => {
      // Another run was faster; its bundles are the same.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** @param home where the files will lie in the end */
async function bundle(name: StandIn, folder: string, home: string): Promise<void> {
  // Only needed when sources have changed, so that other runs start without it.
  const { build } = await import("esbuild");
  await build({
    entryPoints: [path.join(__dirname, name, "main.ts")],
    outfile: path.join(folder, "main.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    absWorkingDir: root,
    logLevel: "silent",
  });
  const launcher = path.join(folder, `pulumi-resource-${name}`);
  // It must exec: the plugin ends when its parent process, the engine, does.
  await writeFile(
    launcher,
    `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(path.join(home, "main.cjs"))} "$@"\n`,
  );
  await chmod(launcher, 0o755);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

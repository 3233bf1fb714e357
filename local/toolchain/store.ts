import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { cacheFolder } from "../paths";
import type { Tool, ToolName, ToolSource } from "./tool";

/** What each tool's folder says of itself. */
const label = ".tool.json";

/** Where the tools are kept. */
export function toolchainFolder(): string {
  return join(cacheFolder(), "toolchain");
}

/** The lock that whoever makes this tool holds. */
export function toolLock(name: string): string {
  return join(toolchainFolder(), "locks", `${name}.lock`);
}

/** A finished tool in the cache. Nothing if there is no such folder; a folder that isn't whole never has this name. */
export async function stored(folder: string): Promise<Tool | undefined> {
  const directory = join(toolchainFolder(), folder);
  try {
    const { name, version, source } = JSON.parse(await readFile(join(directory, label), "utf8")) as Tool;
    return { name, version, source, directory };
  } catch {
    return undefined;
  }
}

/** What {@link store} is told. */
export interface StoreRequest {
  /** The folder's final name. */
  readonly folder: string;
  readonly name: ToolName;
  readonly version: string;
  readonly source: ToolSource;
  /** Puts the files into the folder it is given. */
  readonly fill: (directory: string) => Promise<void>;
}

/**
 * Makes a tool's folder: filled under a temporary name and renamed when it is whole, so that whoever is killed in between
 * leaves nothing that passes for a tool. What an earlier, killed one left is removed. Call it under {@link toolLock}.
 */
export async function store(request: StoreRequest): Promise<Tool> {
  const { folder, name, version, source, fill } = request;
  const root = toolchainFolder();
  await mkdir(root, { recursive: true });
  const prefix = `.unfinished-${name}.`;
  const leftovers = (await readdir(root)).filter((entry) => entry.startsWith(prefix));
  await Promise.all(leftovers.map((entry) => rm(join(root, entry), { recursive: true, force: true })));
  const temporary = await mkdtemp(join(root, prefix));
  try {
    await fill(temporary);
    await writeFile(join(temporary, label), `${JSON.stringify({ name, version, source })}\n`);
    const directory = join(root, folder);
    // Whatever has this name has no label, or it would have been taken.
    await rm(directory, { recursive: true, force: true });
    await rename(temporary, directory);
    return { name, version, source, directory };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Links to programs elsewhere, for {@link StoreRequest.fill}. */
export function linkTo(files: ReadonlyMap<string, string>): (directory: string) => Promise<void> {
  return async (directory) => {
    await Promise.all([...files].map(([file, target]) => symlink(target, join(directory, basename(file)))));
  };
}

import { readdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { isThere, readIfThere } from "../../../local/files";
import type { SealedFile } from "./decision";
import { documentsOf, fieldsOf, readersOf } from "./document";
import { rulesFile, type Rules } from "./rules";

/** Folders that hold no manifests of the repository's own. */
const left = new Set([".git", "node_modules"]);
const manifests = /\.(ya?ml|json)$/;
/** More than any manifest that a cluster would take. */
const largest = 4 * 1024 * 1024;

/** A path as a person in a folder would type it. */
export function shownFrom(folder: string, path: string): string {
  const short = relative(folder, path);
  return short === "" ? "." : short.startsWith("../..") ? path : short;
}

/** The folder above a path, or that path itself, in which there is a file or folder of a name. */
function folderAbove(start: string, name: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (isThere(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** What holds for the files of a folder. */
export interface Place {
  /** Where a path that the rules look at begins. */
  readonly base: string;
  readonly rules: Rules | undefined;
  /** The folder with the files that are compared with one another. */
  readonly root: string;
}

/**
 * Finds out what holds for the files of a folder. No Git is needed for it.
 *
 * @param folder An absolute path.
 * @param from The folder that messages' paths are seen from.
 */
export function placeOf(folder: string, from: string): Place {
  const ruled = folderAbove(folder, rulesFile);
  const repository = folderAbove(folder, ".git");
  if (ruled === undefined) return { base: folder, rules: undefined, root: repository ?? folder };
  const file = join(ruled, rulesFile);
  const rules = { file: shownFrom(from, file), text: readIfThere(file) ?? "" };
  // A .sops.yaml in somebody's home or in the root holds for much that doesn't belong together.
  const isWide = ruled === homedir() || dirname(ruled) === ruled;
  const below =
    repository !== undefined && !relative(ruled, repository).startsWith("..") ? repository : undefined;
  return { base: ruled, rules, root: below ?? (isWide ? folder : ruled) };
}

/** YAML and JSON files in a folder and below it, as absolute paths. Links aren't followed. */
export async function manifestsBelow(
  folder: string,
  skip: (folder: string) => boolean = () => false,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return left.has(entry.name) || skip(path) ? [] : manifestsBelow(path, skip);
      return entry.isFile() && manifests.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
}

/** A manifest's text; `undefined` if it is larger than any. */
export async function manifestText(file: string): Promise<string | undefined> {
  return (await stat(file)).size > largest ? undefined : readFile(file, "utf8");
}

/**
 * The files that SOPS has encrypted and that the same rules hold for.
 *
 * @param place What holds for the folder that is asked about.
 * @param from The folder that messages' paths are seen from.
 */
export async function sealedFilesIn({ base, root }: Place, from: string): Promise<readonly SealedFile[]> {
  const files = await manifestsBelow(root, (folder) => folder !== base && isThere(join(folder, rulesFile)));
  const found: SealedFile[] = [];
  for (const file of files) {
    const text = await manifestText(file);
    if (text?.includes("sops") !== true) continue;
    const documents = documentsOf(file, text);
    for (const document of Array.isArray(documents) ? (documents as readonly unknown[]) : []) {
      const content = fieldsOf(document);
      if (typeof fieldsOf(content["sops"])["mac"] !== "string") continue;
      found.push({ file: shownFrom(from, file), path: pathFrom(base, file), readers: readersOf(content) });
    }
  }
  return found;
}

/** A file's path from a folder, with slashes: as SOPS compares it. */
export function pathFrom(base: string, file: string): string {
  return relative(base, file).replaceAll("\\", "/");
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { project } from "./command";

/** Files that take minutes: they begin first, so that none of them runs alone at the end. */
const longest = ["attacks", "platform", "argocd", "keys", "scenarios", "offboarding"];

function rank(file: string): number {
  const place = longest.findIndex((name) => file.endsWith(`/${name}.test.ts`));
  return place < 0 ? longest.length : place;
}

/** A folder's `*.test.ts` files, the longest first. @throws if it holds none. */
export async function testFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(project, folder), { recursive: true });
  const files = entries.filter((each) => each.endsWith(".test.ts")).map((each) => join(folder, each));
  if (files.length === 0) throw new Error(`${folder} holds no tests`);
  return files.sort().sort((one, other) => rank(one) - rank(other));
}

/** Files in as many groups as can run at once: a process for each file would load the program anew for each. */
export function together(files: readonly string[], groups: number): string[][] {
  return Array.from({ length: Math.min(groups, files.length) }, (_, group) =>
    files.filter((_file, index) => index % groups === group),
  );
}

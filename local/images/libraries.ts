import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";

import { readJson, writeWhole } from "../files";
import { cacheFolder } from "../paths";
import { command } from "../toolchain/command";

/** The index of this machine's libraries, which every installation of one renews (ldconfig). */
const index = "/etc/ld.so.cache";

/** The libraries, and the loader, that `ldd` lists for programs. A static one has none. */
export function parseLibraries(listed: string): readonly string[] {
  const libraries = new Set<string>();
  for (const line of listed.split("\n")) {
    const path = /=>\s+(\/\S+)\s+\(0x/.exec(line)?.[1] ?? /^\s*(\/\S+)\s+\(0x/.exec(line)?.[1];
    if (path !== undefined) libraries.add(path);
  }
  return [...libraries].sort();
}

/**
 * The libraries that programs of this machine load, as the programs look for them. Asked of `ldd`, which takes a third of a second for
 * those of the Git host, and remembered for as long as neither the programs nor the machine's libraries change.
 *
 * @param programs absolute paths.
 */
export async function librariesOf(programs: readonly string[]): Promise<readonly string[]> {
  const stamps = await Promise.all([...programs, index].map(stampOf));
  const decisive = JSON.stringify([programs, stamps, process.env["LD_LIBRARY_PATH"]]);
  const key = createHash("sha256").update(decisive).digest("hex").slice(0, 12);
  const file = join(cacheFolder(), "images", `libraries-${key}.json`);
  const known = readJson(file);
  if (Array.isArray(known)) return known as readonly string[];
  const { ok, stdout } = await command("ldd", programs);
  const libraries = parseLibraries(stdout);
  // It fails where one of them is static, and says the same each time; a machine without an index isn't seen to change.
  if (ok && stamps.at(-1) !== undefined) writeWhole(file, JSON.stringify(libraries));
  return libraries;
}

async function stampOf(file: string): Promise<string | undefined> {
  return stat(file).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => undefined,
  );
}

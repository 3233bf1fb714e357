import { join } from "node:path";

import { isThere, readJson, writeWhole } from "../files";
import { cacheFolder } from "../paths";
import { command } from "../toolchain/command";
import { keyOf, stateOf } from "../toolchain/key";

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
  const isIndexed = isThere(index);
  const state = await stateOf(isIndexed ? [...programs, index] : programs);
  const key = keyOf(JSON.stringify([state, process.env["LD_LIBRARY_PATH"]]));
  const file = join(cacheFolder(), "images", `libraries-${key}.json`);
  const known = readJson(file);
  if (Array.isArray(known)) return known as readonly string[];
  const { ok, stdout } = await command("ldd", programs);
  const libraries = parseLibraries(stdout);
  // It fails where one of them is static, and says the same each time; a machine without an index isn't seen to change.
  if (ok && isIndexed) writeWhole(file, JSON.stringify(libraries));
  return libraries;
}

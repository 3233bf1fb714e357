import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

import { cacheFolder } from "../paths";
import { writeWhole } from "../files";

/**
 * A tool's file of YAML documents as a JSON list of them, in the cache: JSON is read in a hundredth of the time, and each run reads
 * the definitions of all kinds.
 *
 * @param file the YAML. What it holds decides the list's name, so a file that changes has another.
 * @param cache the folder of what can be made again.
 * @returns the path of the list, whose name ends in `.json`.
 * @throws if the file can't be read or isn't YAML.
 */
export function definitionsAsJson(file: string, cache = cacheFolder()): string {
  const text = readFileSync(file, "utf8");
  const list = join(cache, "definitions", `${createHash("sha256").update(text).digest("hex")}.json`);
  if (statSync(list, { throwIfNoEntry: false }) === undefined)
    writeWhole(list, JSON.stringify(read(text, file)));
  return list;
}

function read(text: string, file: string): readonly unknown[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file}: not YAML: ${error.message}`);
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
}

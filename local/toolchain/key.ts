import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import type { BuildSpec, ToolSpec } from "./tool";

/** All that decides what a build produces. */
export interface BuildInputs {
  readonly build: BuildSpec;
  /** The module's files by name: `go.mod`, `go.sum` and our own sources. */
  readonly files: ReadonlyMap<string, string>;
  /** What `go env` says of the compiler and of the machine it compiles for. */
  readonly go: Readonly<Record<string, string>>;
}

/** How many characters of the hash a folder's name has. */
const keyLength = 12;

/** A name for what a build produces: the same inputs have the same key, others another one. */
export function buildKey(inputs: BuildInputs): string {
  const hash = createHash("sha256");
  // How much memory a build takes, and where its files lie, decides nothing about what it makes.
  hash.update(JSON.stringify({ ...inputs.build, memory: 0, folder: "" }));
  hash.update(JSON.stringify(Object.entries(inputs.go).sort()));
  hash.update(JSON.stringify([...inputs.files].sort(([a], [b]) => (a < b ? -1 : 1))));
  return hash.digest("hex").slice(0, keyLength);
}

/** The files of a module that decide what is built: `go.mod`, `go.sum` and Go sources. */
export async function moduleFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const decisive = names.filter(
    (name) => (name.endsWith(".go") && !name.endsWith("_test.go")) || name === "go.mod" || name === "go.sum",
  );
  return new Map(
    await Promise.all(
      decisive.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const),
    ),
  );
}

/** The name of a tool's folder in the cache. */
export function folderName(spec: ToolSpec, key: string): string {
  return `${spec.name}-${spec.version}-${key}`;
}

import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
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

/** A name in a cache for what follows from this text: the same text has the same, another text another one. */
export function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Changes when one of these files does: by where they are, their size and when they were last written. @throws if one isn't there. */
export async function stateOf(files: readonly string[]): Promise<string> {
  const states = await Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [file, size, mtimeMs];
    }),
  );
  return keyOf(JSON.stringify(states));
}

/** A name for what a build produces: the same inputs have the same key, others another one. */
export function buildKey(inputs: BuildInputs): string {
  const { build, go, files } = inputs;
  const decisive = [
    // How much memory a build takes, and where its files lie, decides nothing about what it makes.
    { ...build, memory: 0, folder: "" },
    Object.entries(go).sort(),
    [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return keyOf(decisive.map((each) => JSON.stringify(each)).join(""));
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

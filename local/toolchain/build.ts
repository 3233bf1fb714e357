import { access, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";

import { endingWithUs } from "../endingWithUs";
import { BuildProgress } from "./buildProgress";
import { command, succeed } from "./command";
import { goEnvironment, type Go } from "./go";
import { buildKey, folderName, moduleFiles } from "./key";
import { store } from "./store";
import type { Tool, ToolSpec } from "./tool";

/** Builds leave the machine usable for whatever else runs on it. */
const niceness = 5;

/** The folder that the catalog's module folders are below. */
const checkout = resolve(__dirname, "../..");

/** The module's folder, absolute. */
export function moduleFolder(spec: ToolSpec): string {
  return resolve(checkout, spec.build.folder);
}

/** The name of the folder that a build of the tool has in the cache. */
export async function buildFolder(spec: ToolSpec, go: Go): Promise<string> {
  const files = await moduleFiles(moduleFolder(spec));
  return folderName(spec, buildKey({ build: spec.build, files, go: go.identity }));
}

/** The arguments of `go` that build a tool's programs into a folder. */
export function buildArguments(spec: ToolSpec, output: string): readonly string[] {
  const { tags = [], linkerFlags = [], packages } = spec.build;
  return [
    "build",
    "-v",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    ...(tags.length === 0 ? [] : ["-tags", tags.join(",")]),
    "-ldflags",
    ["-s", "-w", ...linkerFlags].join(" "),
    "-o",
    `${output}/`,
    ...packages,
  ];
}

/**
 * Builds a tool from its pinned module, which `go.sum` verifies. Call it under the tool's lock.
 *
 * @param update told how far it is.
 * @throws with what Go said if it can't be built.
 */
export async function build(spec: ToolSpec, go: Go, update: (text: string) => void): Promise<Tool> {
  const { name, version } = spec;
  const folder = await buildFolder(spec, go);
  return store({
    folder,
    name,
    version,
    source: "build",
    fill: async (directory) => {
      const scratch = join(directory, ".scratch");
      const programs = join(scratch, "bin");
      await mkdir(programs, { recursive: true });
      const environment = {
        ...goEnvironment(process.env, spec.build),
        // The generator calls Go by its name.
        PATH: `${dirname(go.program)}${delimiter}${process.env["PATH"] ?? ""}`,
        // Beside the result, so that what a killed build leaves is removed with it.
        GOTMPDIR: scratch,
      };
      await compile(spec, go, { programs, environment, update });
      await arrange(spec, { directory, programs, environment });
      await rm(scratch, { recursive: true });
    },
  });
}

interface Compilation {
  readonly programs: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly update: (text: string) => void;
}

async function compile(
  spec: ToolSpec,
  go: Go,
  { programs, environment, update }: Compilation,
): Promise<void> {
  const progress = new BuildProgress();
  const run = async (args: readonly string[]): Promise<string> => {
    const [program = "", ...rest] = gently([go.program, ...args]);
    const result = await command(program, rest, {
      cwd: moduleFolder(spec),
      env: environment,
      onErrorLine: (line) => {
        const text = progress.line(line);
        if (text !== undefined) update(text);
      },
    });
    if (result.ok) return result.stdout;
    throw new Error(
      `${spec.name} ${spec.version}: "go ${args[0] ?? ""}" in ${spec.build.folder} ended with ` +
        `${result.end}:\n${progress.complaint()}`,
    );
  };
  const flags = buildArguments(spec, programs).slice(1);
  const listed = flags.filter((flag, place) => flag !== "-v" && flag !== "-o" && flags[place - 1] !== "-o");
  const stale = await run(["list", "-deps", "-f={{if .Stale}}{{.ImportPath}}{{end}}", ...listed]);
  progress.expect(stale.split("\n").filter((line) => line !== "").length);
  await run(buildArguments(spec, programs));
}

interface Arrangement {
  readonly directory: string;
  readonly programs: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Puts what was built where it belongs, under the names that the catalog promises. */
async function arrange(spec: ToolSpec, { directory, programs, environment }: Arrangement): Promise<void> {
  const { generate, rename: renamed = {}, links = {} } = spec.build;
  if (generate !== undefined) {
    const text = await succeed(join(programs, generate.program), generate.arguments, {
      cwd: moduleFolder(spec),
      env: environment,
    });
    await writeFile(join(directory, generate.file), text);
  } else {
    for (const built of await readdir(programs)) {
      await rename(join(programs, built), join(directory, renamed[built] ?? built));
    }
  }
  for (const [link, target] of Object.entries(links)) await symlink(target, join(directory, link));
  for (const file of spec.files) {
    await access(join(directory, file)).catch(() => {
      throw new Error(
        `${spec.name} ${spec.version}: its build made no file "${file}"; see local/toolchain/catalog.ts`,
      );
    });
  }
}

/** A command that gives way to others and ends, tidily, when this process does. */
function gently(words: readonly string[]): readonly string[] {
  // On an interrupt Go removes its temporary files; killed, it would leave them.
  return endingWithUs("INT", ["nice", "-n", String(niceness), ...words]);
}

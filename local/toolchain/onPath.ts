import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

import { cacheFolder, homeFolder } from "../paths";
import { command } from "./command";
import { compareVersions } from "./goModule";
import { stateOf } from "./key";
import type { PathSpec, ToolSpec } from "./tool";

/** A program of a fitting version that the machine has already. */
export interface FoundOnPath {
  readonly version: string;
  /** File name → where it is, absolute. */
  readonly files: ReadonlyMap<string, string>;
  /** Changes when one of the files does. */
  readonly key: string;
}

/** Whether what a program prints for its version names one that fits. */
export function fittingVersion(printed: string, spec: PathSpec): string | undefined {
  const version = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/.exec(printed)?.[0];
  if (version === undefined) return undefined;
  const sameMajor = version.split(".")[0] === spec.minimum.split(".")[0];
  return sameMajor && compareVersions(version, spec.minimum) >= 0 ? version : undefined;
}

/** A PATH without relative folders, and without ours: else a tool of ours would be taken for the machine's. */
export function withoutOurs(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  const ours = [cacheFolder(environment), homeFolder(environment)].map((folder) => `${folder}/`);
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !ours.some((each) => `${folder}/`.startsWith(each)))
    .join(delimiter);
}

/**
 * Looks for a tool on PATH.
 *
 * @returns the first one whose version fits, or nothing if there is none or the tool is never taken from PATH.
 */
export async function findOnPath(
  spec: ToolSpec,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<FoundOnPath | undefined> {
  const wanted = spec.onPath;
  if (wanted === undefined) return undefined;
  for (const folder of withoutOurs(environment["PATH"] ?? "", environment).split(delimiter)) {
    if (folder === "") continue;
    const files = new Map(spec.files.map((file) => [file, join(folder, file)]));
    const needed = [...files.values(), ...(wanted.beside === undefined ? [] : [join(folder, wanted.beside)])];
    if (!(await Promise.all(needed.map(executable))).every(Boolean)) continue;
    const program = join(folder, wanted.versionProgram ?? spec.name);
    const { stdout, ok } = await command(program, wanted.versionArguments, {
      env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 10_000,
    });
    const version = ok ? fittingVersion(stdout, wanted) : undefined;
    if (version !== undefined) return { version, files, key: await stateOf([...files.values()]) };
  }
  return undefined;
}

function executable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

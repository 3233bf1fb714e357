import pLimit from "p-limit";

import type { Progress } from "../progress";
import { build, buildFolder } from "./build";
import { withBuildSlot } from "./buildSlot";
import { specOf } from "./catalog";
import { download, downloadFolder, reachable, resolveDownload } from "./download";
import { FaultsError } from "./fault";
import { findGo, type Go } from "./go";
import { withLock } from "./lock";
import { findOnPath } from "./onPath";
import { linkTo, store, stored, toolLock } from "./store";
import { ensureSystemPackages, packagesForC } from "./systemPackages";
import { toolNames, type Tool, type ToolName, type ToolSpec } from "./tool";

/** How many tools are looked after at once: two are built, and those that others build are waited for. */
const parallel = 2;

/** What a run finds out once. */
interface Run {
  readonly progress: Progress;
  readonly go: Go | undefined;
  readonly downloadsWork: () => Promise<boolean>;
}

/**
 * Makes tools ready: taken from PATH where the machine has a fitting one, downloaded from their publisher where that
 * can be reached, else built from their pinned modules. At once when they are in the cache.
 *
 * @param names which ones.
 * @param progress told about each that isn't there yet.
 * @throws {FaultsError} if one has to be built and there is no Go; an Error with what Go said if a build fails. The
 * others are finished first.
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  progress: Progress,
): Promise<Readonly<Record<Name, Tool>>> {
  const specs = toolNames.filter((name) => (names as readonly ToolName[]).includes(name)).map(specOf);
  const tools = await ensureSpecs(specs, progress);
  return Object.fromEntries(tools.map((tool) => [tool.name, tool])) as unknown as Record<Name, Tool>;
}

/**
 * {@link ensureTools} for tools that need not be in the catalog.
 *
 * @param specs in the order in which missing ones are to be made.
 */
export async function ensureSpecs(specs: readonly ToolSpec[], progress: Progress): Promise<readonly Tool[]> {
  const go = await findGo();
  const found = await Promise.all(specs.map((spec) => findTool(spec, go)));
  const missing = specs.filter((_, place) => found[place] === undefined);
  const run: Run = { progress, go, downloadsWork: onlyOnce(() => askPublisher(missing, progress)) };
  const limit = pLimit(parallel);
  const results = await Promise.allSettled(missing.map((spec) => limit(() => provide(spec, run))));
  const failures = results.filter((result) => result.status === "rejected");
  if (failures.length > 0) throw together(failures.map((failure) => failure.reason as Error));
  const made = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
  return [...found.filter((tool) => tool !== undefined), ...made];
}

/** A tool that needs nothing to be made: on PATH, or in the cache. */
export async function findTool(spec: ToolSpec, go: Go | undefined): Promise<Tool | undefined> {
  const found = await findOnPath(spec);
  if (found !== undefined) {
    const { version, key, files } = found;
    const folder = `${spec.name}-${version}-path-${key}`;
    return (
      (await stored(folder)) ??
      (await withLock(
        [toolLock(spec.name)],
        async () =>
          (await stored(folder)) ??
          store({ folder, name: spec.name, version, source: "path", fill: linkTo(files) }),
      ))
    );
  }
  return findInCache(spec, go);
}

async function findInCache(spec: ToolSpec, go: Go | undefined): Promise<Tool | undefined> {
  const downloaded = downloadFolder(spec);
  const tool = downloaded === undefined ? undefined : await stored(downloaded);
  if (tool !== undefined || go === undefined) return tool;
  return stored(await buildFolder(spec, go));
}

function provide(spec: ToolSpec, run: Run): Promise<Tool> {
  return run.progress.step(`${spec.name} ${spec.version}`, (update) =>
    withLock(
      [toolLock(spec.name)],
      async () =>
        // Whoever held the lock before may have made it.
        (await findInCache(spec, run.go)) ?? (await downloadOrBuild(spec, run, update)),
      {
        onWait: () => {
          update("waiting for another run that makes it");
        },
      },
    ),
  );
}

async function downloadOrBuild(spec: ToolSpec, run: Run, update: (text: string) => void): Promise<Tool> {
  if (resolveDownload(spec) !== undefined && (await run.downloadsWork())) {
    try {
      return await download(spec, update);
    } catch (error) {
      run.progress.note(`${spec.name}: ${(error as Error).message}; it is built instead`);
    }
  }
  const { go } = run;
  if (go === undefined) throw new FaultsError([noGo(spec)]);
  if (spec.build.cgo === true) await ensureSystemPackages(packagesForC, run.progress);
  return withBuildSlot(
    spec.build.memory,
    () => build(spec, go, update),
    () => {
      update("waiting for memory or for other builds");
    },
  );
}

function noGo(spec: ToolSpec) {
  return {
    what: "Go",
    found: "none on PATH",
    expected: `Go, to build ${spec.name} ${spec.version}`,
    remedy: "install Go (https://go.dev/dl) and put its bin folder on PATH",
  };
}

/** One question for all tools: where one publisher can't be reached, the others aren't tried. */
async function askPublisher(missing: readonly ToolSpec[], progress: Progress): Promise<boolean> {
  const first = missing.map((spec) => resolveDownload(spec)).find((each) => each !== undefined);
  if (first === undefined) return false;
  const works = await reachable(first);
  if (!works) {
    progress.note(
      `${new URL(first.checksums).host} can't be reached: tools are built from source, which takes minutes`,
    );
  }
  return works;
}

function onlyOnce<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

function together(errors: readonly Error[]): Error {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const faults = errors.flatMap((error) => (error instanceof FaultsError ? error.faults : []));
  if (faults.length === errors.length) return new FaultsError(faults);
  return new AggregateError(errors, errors.map((error) => error.message).join("\n"));
}

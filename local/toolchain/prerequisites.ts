import { readFile, statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";

import { cacheFolder, homeFolder } from "../paths";
import { moduleFolder } from "./build";
import { specOf } from "./catalog";
import { command } from "./command";
import { findTool } from "./ensure";
import type { Fault } from "./fault";
import { findGo, goEnvironment, type Go } from "./go";
import { compareVersions, parseGoModule } from "./goModule";
import {
  missingPackages,
  packageFaults,
  packagesForC,
  packagesForImages,
  type SystemPackage,
} from "./systemPackages";
import { toolsOfEveryStack, type ToolName, type ToolSpec } from "./tool";

const gibibyte = 1024 ** 3;

/** What the embedded cluster with the platform and a tenant takes, and the largest build, in GiB. */
const leastMemory = 4;
/** What a stack's data grow to in a day of use, in GiB. */
const spaceForData = 2;
/** What one tool takes at most in the cache, in GiB. */
const spaceForTool = 0.25;
/** What Go keeps of modules and compiled packages for one tool, on the average, in GiB. */
const spaceForCompiling = 0.7;

/** What is asked of this machine. */
export interface Prerequisites {
  /** The tools that must be there. Default: those that every stack takes. */
  readonly tools?: readonly ToolName[];
  /** Whether the embedded cluster runs here, which takes Linux, root and memory. Default true. */
  readonly cluster?: boolean;
  /** What the cluster needs of the system besides. Default: none. */
  readonly packages?: readonly SystemPackage[];
}

/**
 * Everything that keeps a run from going on, before anything happens: no Linux, not root, no Go or one that is too old,
 * no Git, too little disk or memory, packages that can't be installed. Empty if nothing does.
 */
export async function missingPrerequisites({
  tools = toolsOfEveryStack,
  cluster = true,
  packages = [],
}: Prerequisites = {}): Promise<readonly Fault[]> {
  if (process.platform !== "linux") return [notLinux()];
  const go = await findGo();
  const missing = await toolsToMake(tools, go);
  const faults = await Promise.all([
    goFaults(missing, go),
    diskFaults(missing, go),
    packageFaults(await systemPackagesToInstall({ tools, packages })),
  ]);
  return [...(cluster ? rootAndMemory() : []), ...faults.flat()];
}

/** The system packages that a run will install with apt-get, so that they can be named before. */
export async function systemPackagesToInstall({
  tools = toolsOfEveryStack,
  packages = [],
}: Pick<Prerequisites, "tools" | "packages"> = {}): Promise<readonly SystemPackage[]> {
  const missing = await toolsToMake(tools, await findGo());
  const forC = missing.some((spec) => spec.build.cgo === true) ? packagesForC : [];
  const forImages = tools.includes("gitea") ? packagesForImages : [];
  return missingPackages([...forC, ...forImages, ...packages]);
}

async function toolsToMake(names: readonly ToolName[], go: Go | undefined): Promise<readonly ToolSpec[]> {
  const specs = names.map(specOf);
  const found = await Promise.all(specs.map((spec) => findTool(spec, go)));
  return specs.filter((_, place) => found[place] === undefined);
}

function notLinux(): Fault {
  return {
    what: "operating system",
    found: process.platform,
    expected: "Linux",
    remedy: "run it on a Linux machine, or in a Linux virtual machine",
  };
}

function rootAndMemory(): readonly Fault[] {
  const faults: Fault[] = [];
  const user = process.getuid?.();
  if (user !== 0) {
    faults.push({
      what: "user",
      found: `user id ${String(user)}`,
      expected: "root, which network namespaces, mounts and cgroups need",
      remedy: "run it as root: sudo -E env PATH=$PATH npm start",
    });
  }
  // A machine of 4 GiB shows a little less than that.
  if (totalmem() < leastMemory * 0.9 * gibibyte) {
    faults.push({
      what: "memory",
      found: gibibytes(totalmem()),
      expected: `${String(leastMemory)} GiB`,
      remedy: "use a larger machine",
    });
  }
  return faults;
}

/** Whether there is a Go that can build all of these. */
async function goFaults(missing: readonly ToolSpec[], go: Go | undefined): Promise<readonly Fault[]> {
  if (missing.length === 0) return [];
  const wanted = await Promise.all(missing.map(oldestGo));
  const oldest = wanted.reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b));
  const remedy = "install it from https://go.dev/dl and put its bin folder on PATH";
  const purpose = `to build ${missing.map((spec) => spec.name).join(", ")}`;
  const expected = `Go ${oldest} or newer, ${purpose}`;
  if (go === undefined) return [{ what: "Go", found: "none on PATH", expected, remedy }];
  if (compareVersions(go.version, oldest) >= 0) return [];
  return [{ what: "Go", found: `${go.version} (${go.program})`, expected, remedy }];
}

async function oldestGo(spec: ToolSpec): Promise<string> {
  return parseGoModule(await readFile(join(moduleFolder(spec), "go.mod"), "utf8")).go;
}

/** Whether the disks on which things will grow have room. */
async function diskFaults(missing: readonly ToolSpec[], go: Go | undefined): Promise<readonly Fault[]> {
  const needs = [
    { folder: homeFolder(), gibibytes: spaceForData },
    { folder: cacheFolder(), gibibytes: missing.length * spaceForTool },
  ];
  if (go !== undefined && missing.length > 0) {
    const { stdout } = await command(go.program, ["env", "GOCACHE"], {
      env: goEnvironment(process.env),
      cwd: "/",
    });
    needs.push({ folder: stdout.trim(), gibibytes: missing.length * spaceForCompiling });
  }
  const disks = new Map<string, { folder: string; needed: number; available: number }>();
  for (const need of needs) {
    const { file, available, type, blocks } = await disk(need.folder);
    const id = `${String(type)}:${String(blocks)}:${String(available)}`;
    const known = disks.get(id) ?? { folder: file, needed: 0, available };
    disks.set(id, { ...known, needed: known.needed + need.gibibytes * gibibyte });
  }
  return [...disks.values()]
    .filter(({ needed, available }) => available < needed)
    .map(({ folder, needed, available }) => ({
      what: `disk of ${folder}`,
      found: `${gibibytes(available)} free`,
      expected: gibibytes(needed),
      remedy: "make room, or set TERP_CACHE, TERP_HOME or GOCACHE to folders on a larger disk",
    }));
}

/** The disk that a folder is, or will be, on. */
async function disk(
  folder: string,
): Promise<{ file: string; available: number; type: number; blocks: number }> {
  for (let file = folder; ; file = dirname(file)) {
    try {
      const { bavail, bsize, type, blocks } = await statfs(file);
      return { file, available: bavail * bsize, type, blocks };
    } catch (error) {
      if (file === dirname(file)) throw error;
    }
  }
}

function gibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}

import { randomBytes } from "node:crypto";
import { mkdir, readdir, readlink, rm, rmdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { paths, type Paths } from "../../local/paths";

const identifier = /^[0-9a-f]{6}$/;

/** The longest that the path of a socket may be, and where below its home a drill has the one with the longest path. */
const longestSocket = 107;
const socketBelow = (stack: string): string => `/${stack}/node/kubelet/pod-resources/kubelet.sock`;

/** Where a drill lies whose own path would be too long. A file system on a disk, unlike `/tmp` and `/run` often are. */
const elsewhere = "/var/tmp";

/** Where a drill has everything that is its own. */
export interface DrillPlace {
  /** Its stack's name: unlikely enough to be another's on this machine. */
  readonly stack: string;
  /** Its TERP_HOME. */
  readonly home: string;
  readonly paths: Paths;
  /** By what it is found again: the home itself, or a link to it. */
  readonly entry: string;
}

/** The folder with a stack's drills that run, or were killed. */
export function drillsFolder(places: Paths): string {
  return join(places.stack, "drills");
}

/** The folder with the reports of a stack's drills. */
export function reportsFolder(places: Paths): string {
  return join(places.keep, "drills");
}

/** One drill of a stack at a time: who has this lock may remove what others have left. */
export function drillLock(places: Paths): string {
  return join(reportsFolder(places), ".lock");
}

/** The environment of a drill's commands: everything of theirs lies below its home; what can be built again is shared. */
export function drillEnvironment(
  { stack, home }: Pick<DrillPlace, "stack" | "home">,
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { ...environment, TERP_HOME: home, TERP_STACK: stack, NO_COLOR: "1" };
}

/** Where a drill's home is: below the stack's folder, or elsewhere if the sockets' paths would be too long there. */
export function homeFor(entry: string, stack: string): string {
  return entry.length + socketBelow(stack).length <= longestSocket ? entry : join(elsewhere, `terp-${stack}`);
}

function placeAt(entry: string, home: string, stack: string): DrillPlace {
  return { stack, home, entry, paths: paths(stack, drillEnvironment({ stack, home })) };
}

/** Makes the folder of a new drill, which only its owner may enter. */
export async function makeDrillPlace(places: Paths): Promise<DrillPlace> {
  const id = randomBytes(3).toString("hex");
  const stack = `drill-${id}`;
  const entry = join(drillsFolder(places), id);
  const home = homeFor(entry, stack);
  await mkdir(drillsFolder(places), { recursive: true, mode: 0o700 });
  // The link first: what is killed right after it is found again.
  if (home !== entry) await symlink(home, entry);
  await mkdir(home, { mode: 0o700 });
  const made = placeAt(entry, home, stack);
  await mkdir(made.paths.keep, { recursive: true, mode: 0o700 });
  return made;
}

/** The drills in a stack's folder. Whoever holds the lock knows that none of them runs any more. */
export async function findDrillPlaces(places: Paths): Promise<readonly DrillPlace[]> {
  const folder = drillsFolder(places);
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  return Promise.all(
    names
      .filter((name) => identifier.test(name))
      .sort()
      .map(async (name) => {
        const entry = join(folder, name);
        const home = await readlink(entry).catch(() => entry);
        return placeAt(entry, home, `drill-${name}`);
      }),
  );
}

/** Removes what a drill has in files. Its cluster must be gone. */
export async function removeDrillPlace(places: Paths, { home, entry }: DrillPlace): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
  await rm(entry, { recursive: true, force: true });
  // Another one's may be in it.
  await rmdir(drillsFolder(places)).catch(() => undefined);
}

import { constants } from "node:fs";
import {
  chmod,
  copyFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "../../infra/fault";
import { gitIn, repositoriesFolder } from "../git/dataFolder";
import { copyDatabase } from "./database";

/** Where Gitea's data folder has its database. */
const databaseFile = join("data", "gitea.db");
const attempts = 5;

/** What a copy holds. */
export interface GitCopy {
  /** Each repository, as `organisation/name`. */
  readonly repositories: readonly string[];
}

/**
 * Copies the data folder of a Git host that may be running, so that the copy could be what it starts from: the database as
 * of one moment, and repositories whose branches lead to whole histories. Nothing of the source is written.
 *
 * A repository's branches are copied before its objects, because a push writes its objects first: whatever a branch leads to
 * when it is read is there when the objects are. That a repository was packed anew meanwhile, or a history cut off, shows
 * when the copy is looked at; then it is copied again.
 *
 * @param source the Git host's data folder.
 * @param target is made.
 * @param update told what is copied.
 * @throws if there is no such data, or a repository is broken.
 */
export async function copyGitData(
  source: string,
  target: string,
  update: (text: string) => void = () => undefined,
): Promise<GitCopy> {
  await requireData(source);
  const known = repositoriesFolder(source);
  await copyTree(source, target, (path) => path !== known && !isDatabase(source, path));
  await makeLike(known, repositoriesFolder(target));
  for (let attempt = 1; ; attempt += 1) {
    const before = await repositoriesIn(known);
    update("database");
    await copyDatabase(join(source, databaseFile), join(target, databaseFile));
    // The database tells of the same repositories as the folder, unless one was made or removed just now.
    const after = await repositoriesIn(known);
    if (before.join("\n") === after.join("\n")) {
      for (const [index, name] of after.entries()) {
        update(`${name} (${String(index + 1)} of ${String(after.length)})`);
        await copyRepository(join(known, `${name}.git`), join(repositoriesFolder(target), `${name}.git`));
      }
      return { repositories: after };
    }
    if (attempt === attempts)
      throw new Error(
        `${known}: repositories were made or removed during each of ${String(attempts)} attempts; try again`,
      );
  }
}

async function requireData(source: string): Promise<void> {
  for (const path of [source, join(source, databaseFile), repositoriesFolder(source)]) {
    await stat(path).catch((error: unknown) => {
      const reason = messageOf(error);
      throw new Error(
        `${source}: expected the data folder of the Git host (${reason}); where it is on another machine, name a copy with --git-data FOLDER`,
        { cause: error },
      );
    });
  }
}

function isDatabase(source: string, path: string): boolean {
  const database = join(source, databaseFile);
  return ["", "-wal", "-shm", "-journal"].some((suffix) => path === `${database}${suffix}`);
}

async function repositoriesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const organisation of (await readdir(folder)).sort()) {
    const names = await readdir(join(folder, organisation)).catch(() => []);
    for (const name of names.sort())
      if (name.endsWith(".git")) found.push(`${organisation}/${name.slice(0, -".git".length)}`);
  }
  return found;
}

/** Copies one repository until the copy is whole. */
async function copyRepository(source: string, target: string): Promise<void> {
  await makeLike(join(source, ".."), join(target, ".."));
  for (let attempt = 1; ; attempt += 1) {
    await rm(target, { recursive: true, force: true });
    await copyBranchesFirst(source, target);
    try {
      await gitIn(target, ["fsck", "--connectivity-only", "--no-dangling", "--no-progress"]);
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

async function copyBranchesFirst(source: string, target: string): Promise<void> {
  await makeLike(source, target);
  // Loose branches before packed ones: one that is packed in between is in both, and the loose one counts.
  for (const first of ["HEAD", "refs", "packed-refs"])
    await copyTree(join(source, first), join(target, first));
  const others = ["HEAD", "refs", "packed-refs", "objects", "gc.pid"].map((name) => join(source, name));
  await copyTree(source, target, (path) => !others.includes(path));
  // What a push under way has brought so far counts once it is complete.
  await copyTree(
    join(source, "objects"),
    join(target, "objects"),
    (path) => !/^(tmp_|incoming-)/.test(basename(path)),
  );
}

/**
 * Copies what is there with its owners and rights; what vanishes meanwhile is left out. So are the locks of programs that work
 * there right now: in the copy they would never be released.
 */
async function copyTree(
  source: string,
  target: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<void> {
  try {
    const found = await lstat(source);
    if (found.isDirectory()) {
      await makeLike(source, target);
      for (const name of await readdir(source)) {
        const path = join(source, name);
        if (isWanted(path) && !name.endsWith(".lock")) await copyTree(path, join(target, name), isWanted);
      }
      return;
    }
    if (found.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (found.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
    else return;
    await lchown(target, found.uid, found.gid);
    if (found.isFile()) await chmod(target, found.mode & 0o7777);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Makes a folder with the owner and rights of another. */
async function makeLike(source: string, target: string): Promise<void> {
  const { uid, gid, mode } = await stat(source);
  await mkdir(target, { recursive: true });
  await lchown(target, uid, gid);
  await chmod(target, mode & 0o7777);
}

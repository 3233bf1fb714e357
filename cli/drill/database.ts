import { constants, type BigIntStats } from "node:fs";
import { copyFile, chmod, chown, open, readFile, rm, stat, type FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { tryLock } from "fs-native-extensions";

/**
 * Bytes of the file `…-shm` that SQLite locks before it writes, and before it moves what was written into the database: the
 * locks WAL_WRITE_LOCK and WAL_CKPT_LOCK (https://sqlite.org/walformat.html#wal_locks). A shared lock keeps both away, and
 * no reader; who wants to write waits for it, as for any other writer.
 */
const writerLocks = { first: 120, count: 2 } as const;

/** What a database consists of besides its first file. The `…-shm` is made from them when the database is opened. */
const suffixes = ["", "-wal", "-journal"] as const;

const patience = 30_000;
const pause = 5;
/** How much older than now a file's time must be for a later change to show in it, in milliseconds: clocks tick coarsely. */
const settled = 50;

interface FileState {
  readonly path: string;
  readonly stats: BigIntStats;
}

/**
 * Copies an SQLite database that may be in use, as of one moment. Nothing of the source is written; writers are kept waiting
 * while it is copied.
 *
 * @throws if it isn't one, or doesn't hold still for half a minute.
 */
export async function copyDatabase(source: string, target: string): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const lock = await keepWritersAway(`${source}-shm`, deadline);
    try {
      if (await copyAtRest(source, target)) break;
    } finally {
      await lock?.close();
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${source}: it was written during each attempt to copy it, for ${String(patience / 1000)} s; try again when less is pushed`,
      );
    }
    await sleep(pause);
  }
  const start = (await readFile(target)).subarray(0, 16).toString("latin1");
  if (start !== "SQLite format 3\0") throw new Error(`${source}: it isn't an SQLite database`);
}

/** The file whose lock keeps writers away, or undefined if nobody has the database open. */
async function keepWritersAway(file: string, deadline: number): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  while (!tryLock(handle.fd, writerLocks.first, writerLocks.count, { shared: true })) {
    if (Date.now() > deadline) {
      await handle.close();
      throw new Error(`${file}: somebody writes without a pause; try again when less is pushed`);
    }
    await sleep(pause);
  }
  return handle;
}

/** Copies the files, and tells whether they were the same all the while. */
async function copyAtRest(source: string, target: string): Promise<boolean> {
  // Where writers are kept away it holds still from here on.
  if (isFresh(await statesOf(source))) await sleep(2 * settled);
  const before = await statesOf(source);
  if (before.length === 0) throw new Error(`${source}: there is no database`);
  if (isFresh(before)) return false;
  for (const suffix of suffixes) await rm(`${target}${suffix}`, { force: true });
  for (const { path, stats } of before) {
    const copy = `${target}${path.slice(source.length)}`;
    await copyFile(path, copy, constants.COPYFILE_FICLONE);
    await chown(copy, Number(stats.uid), Number(stats.gid));
    await chmod(copy, Number(stats.mode) & 0o777);
  }
  const after = await statesOf(source);
  return describe(before) === describe(after);
}

function isFresh(states: readonly FileState[]): boolean {
  const limit = BigInt(Date.now() - settled) * 1_000_000n;
  return states.some(({ stats }) => stats.mtimeNs > limit);
}

async function statesOf(source: string): Promise<readonly FileState[]> {
  const states = await Promise.all(
    suffixes.map(async (suffix) => {
      const path = `${source}${suffix}`;
      const stats = await stat(path, { bigint: true }).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      });
      return stats === undefined ? [] : [{ path, stats }];
    }),
  );
  return states.flat();
}

function describe(states: readonly FileState[]): string {
  return states
    .map(({ path, stats }) => [path, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" "))
    .join("\n");
}

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { pack, type Pack } from "tar-stream";

import type { ImageEntry, ImageFiles } from "./image";

type Header = Parameters<Pack["entry"]>[0];

/** The time of every file, so that the same files make the same bytes. */
const epoch = new Date(0);

/** The entries with all folders above them, parents first. */
export function withFolders(files: ImageFiles): ReadonlyMap<string, ImageEntry> {
  const all = new Map<string, ImageEntry>(files);
  for (const path of files.keys()) {
    for (let folder = posix.dirname(path); folder !== "/"; folder = posix.dirname(folder)) {
      if (!all.has(folder)) all.set(folder, { kind: "folder" });
    }
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The uncompressed tar archive of an image's only layer. The same files make the same bytes. */
export function layer(files: ImageFiles): Readable {
  const archive = pack();
  void fill(archive, withFolders(files)).then(
    () => {
      archive.finalize();
    },
    (error: unknown) => {
      archive.destroy(error as Error);
    },
  );
  return bytes(archive);
}

/** What a tar archive consists of, as a stream of Node's own. */
export function bytes(archive: Pack): Readable {
  return Readable.from(archive as AsyncIterable<Buffer>, { objectMode: false });
}

async function fill(archive: Pack, files: ImageFiles): Promise<void> {
  for (const [path, entry] of files) {
    const name = path.replace(/^\//, "");
    switch (entry.kind) {
      case "folder":
        await add(archive, {
          name: `${name}/`,
          type: "directory",
          mode: entry.mode ?? 0o755,
          uid: entry.owner ?? 0,
          gid: entry.owner ?? 0,
        });
        break;
      case "link":
        await add(archive, { name, type: "symlink", linkname: entry.target, mode: 0o777 });
        break;
      case "file": {
        const mode = entry.mode ?? 0o644;
        if ("text" in entry.from) await add(archive, { name, mode }, entry.from.text);
        else await addFile(archive, { name, mode }, entry.from.file);
      }
    }
  }
}

/** Adds an entry to a tar archive with the same owner and time as all others. */
export async function add(archive: Pack, header: Header, text?: string | Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    archive.entry({ uid: 0, gid: 0, mtime: epoch, ...header }, text ?? "", (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Adds a file of this machine to a tar archive without reading it as a whole. */
export async function addFile(archive: Pack, header: Header, file: string): Promise<void> {
  const { size } = await stat(file);
  const entry = archive.entry({ uid: 0, gid: 0, mtime: epoch, size, ...header });
  await pipeline(createReadStream(file), entry);
}

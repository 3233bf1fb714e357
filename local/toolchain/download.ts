import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, copyFile, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { finished, pipeline } from "node:stream/promises";

import type { EnvHttpProxyAgent, Response } from "undici";

import { cacheFolder } from "../paths";
import { succeed } from "./command";
import { keyOf } from "./key";
import { withLock } from "./lock";
import { store } from "./store";
import type { DownloadSpec, Tool, ToolSpec } from "./tool";

/** How long a publisher has to answer, in milliseconds. Whatever it then sends may take its time. */
const patience = 4_000;

/** How publishers call this machine's kind of processor. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** A download's addresses and members with the version and the machine's architecture filled in. */
export function resolveDownload(
  spec: ToolSpec,
  architecture: string = process.arch,
): DownloadSpec | undefined {
  const { download } = spec;
  const common = architectures[architecture];
  if (download === undefined || common === undefined) return undefined;
  const fill = (text: string) =>
    text
      .replaceAll("{version}", download.version ?? spec.version)
      // Some publishers use Node's word for it.
      .replaceAll("{architecture:x64}", architecture)
      .replaceAll("{architecture}", common);
  const members = Object.entries(download.members ?? {}).map(
    ([file, member]) => [file, fill(member)] as const,
  );
  return {
    ...(download.version === undefined ? {} : { version: download.version }),
    url: fill(download.url),
    checksums: fill(download.checksums),
    ...(download.members === undefined ? {} : { members: Object.fromEntries(members) }),
  };
}

/** The name of the folder that a downloaded tool has in the cache. */
export function downloadFolder(spec: ToolSpec): string | undefined {
  const download = resolveDownload(spec);
  if (download === undefined) return undefined;
  const hash = keyOf(JSON.stringify(download));
  return `${spec.name}-${download.version ?? spec.version}-download-${hash}`;
}

/**
 * The hash that a publisher's list states for a file.
 *
 * @param list lines of `hash  name`.
 * @param name the file's name; a list of one line without names is taken for it as well.
 */
export function checksumOf(list: string, name: string): string | undefined {
  for (const line of list.split("\n")) {
    const [hash = "", file] = line.trim().split(/\s+\*?/);
    if (/^[0-9a-f]{64}$/i.test(hash) && (file === undefined || basename(file) === name))
      return hash.toLowerCase();
  }
  return undefined;
}

let agent: EnvHttpProxyAgent | undefined;

/** Fetches an address: the answer's body may take its time, the answer itself not. */
async function get(address: string): Promise<Response> {
  // Loaded here: the program loads this file in each run and fetches nothing.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  // Through the proxy that the environment names, as other programs do.
  agent ??= new EnvHttpProxyAgent();
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort(new Error(`no answer within ${String(patience / 1000)} s`));
  }, patience);
  try {
    const response = await fetch(address, { signal: abort.signal, dispatcher: agent });
    if (!response.ok) throw new Error(`${address} answered ${String(response.status)}`);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the publisher's download can be had at all: its list of checksums answers. */
export async function reachable(download: DownloadSpec): Promise<boolean> {
  return get(download.checksums).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
}

/**
 * Downloads a tool from its publisher and checks it against the publisher's checksums. Call it under the tool's lock.
 *
 * @param update told how far it is.
 * @throws if it can't be had, or isn't what the checksums say.
 */
export async function download(spec: ToolSpec, update: (text: string) => void): Promise<Tool> {
  const wanted = resolveDownload(spec);
  const folder = downloadFolder(spec);
  if (wanted === undefined || folder === undefined) {
    throw new Error(`${spec.name}: its publisher has no download for ${process.arch}`);
  }
  const archive = await fetchVerified(wanted, update);
  return store({
    folder,
    name: spec.name,
    version: spec.download?.version ?? spec.version,
    source: "download",
    fill: async (directory) => {
      for (const file of spec.files) {
        const target = join(directory, file);
        const member = wanted.members?.[file];
        if (member === undefined) await copyFile(archive, target);
        else {
          const output = createWriteStream(target);
          const extract = ["--extract", "--gzip", "--to-stdout", "--file", archive, member];
          await Promise.all([succeed("tar", extract, { output }), finished(output)]);
        }
        await chmod(target, 0o755);
      }
    },
  });
}

/** The file, kept in the cache because several tools may come from one archive. */
async function fetchVerified(wanted: DownloadSpec, update: (text: string) => void): Promise<string> {
  const name = basename(new URL(wanted.url).pathname);
  const expected = checksumOf(await (await get(wanted.checksums)).text(), name);
  if (expected === undefined) {
    throw new Error(`${wanted.checksums}: expected a line with the SHA-256 of ${name}, found none`);
  }
  const folder = join(cacheFolder(), "downloads");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${expected.slice(0, 12)}-${name}`);
  await withLock([`${file}.lock`], async () => {
    if ((await sha256(file)) === expected) return;
    const temporary = `${file}.unfinished`;
    const response = await get(wanted.url);
    if (response.body === null) throw new Error(`${wanted.url} answered with nothing`);
    await pipeline(
      Readable.fromWeb(response.body),
      countBytes(Number(response.headers.get("content-length")), update),
      createWriteStream(temporary),
    );
    const found = await sha256(temporary);
    if (found !== expected) {
      await rm(temporary, { force: true });
      throw new Error(
        `${wanted.url}: its SHA-256 is ${found ?? "unreadable"}, its publisher states ${expected}`,
      );
    }
    await rename(temporary, file);
  });
  return file;
}

function countBytes(total: number, update: (text: string) => void): Transform {
  let bytes = 0;
  const megabytes = (count: number) => String(Math.round(count / 1e6));
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      update(`${megabytes(bytes)}${total > 0 ? ` of ${megabytes(total)}` : ""} MB`);
      done(null, chunk);
    },
  });
}

async function sha256(file: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
  } catch {
    return undefined;
  }
}

import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cacheFolder } from "../paths";
import type { Progress } from "../progress";
import { ensureTools } from "../toolchain/ensure";
import { keyOf } from "../toolchain/key";
import { withLock } from "../toolchain/lock";
import { ensureSystemPackages, packagesForImages } from "../toolchain/systemPackages";
import { writeArchive } from "./archive";
import { commonFiles, imagesFor, type ImageService, type ImageSpec } from "./catalog";
import type { ImageConfiguration, ImageFiles, LocalImage } from "./image";

/** Raised when images are made in another way from the same files. */
const format = 1;

function imagesFolder(): string {
  return join(cacheFolder(), "images");
}

/**
 * The images that the embedded cluster runs, made of the tools. At once when they are in the cache.
 *
 * @param progress told about each that isn't there yet.
 * @param services those whose images are wanted beside what every stack has.
 */
export async function ensureImages(
  progress: Progress,
  services: readonly ImageService[] = [],
): Promise<readonly LocalImage[]> {
  const wanted = imagesFor(services);
  const tools = await ensureTools(
    wanted.flatMap(({ tool, also = [] }) => [tool, ...also]),
    progress,
  );
  await ensureSystemPackages(
    [...packagesForImages, ...wanted.flatMap(({ packages = [] }) => packages)],
    progress,
  );
  const common = await commonFiles();
  return Promise.all(
    wanted.map(async (spec) => {
      const files = new Map([...common, ...(await spec.files(tools[spec.tool], tools))]);
      const { reference, configuration } = spec;
      return ensureImage({ name: nameOf(spec), reference, configuration, files }, progress);
    }),
  );
}

/** An image whose files are known. */
export interface ImageRequest {
  /** The archive's name begins with it. */
  readonly name: string;
  readonly reference: string;
  readonly configuration: ImageConfiguration;
  readonly files: ImageFiles;
}

/** Makes an image's archive, if there isn't one of the same files already. */
export async function ensureImage(request: ImageRequest, progress: Progress): Promise<LocalImage> {
  const { name, reference } = request;
  const stem = join(imagesFolder(), `${name}-${await imageKey(request)}`);
  const present = await labelled(reference, stem);
  if (present !== undefined) return present;
  return withLock([join(imagesFolder(), "locks", `${name}.lock`)], async () => {
    const made = await labelled(reference, stem);
    if (made !== undefined) return made;
    return progress.step(`image ${reference}`, () => make(request, stem));
  });
}

/** The archive is written first and its label last: with a label it is whole. */
async function make(request: ImageRequest, stem: string): Promise<LocalImage> {
  const prefix = `.unfinished-${request.name}`;
  await mkdir(imagesFolder(), { recursive: true });
  for (const left of (await readdir(imagesFolder())).filter((entry) => entry.startsWith(prefix))) {
    await rm(join(imagesFolder(), left), { force: true });
  }
  const temporary = join(imagesFolder(), prefix);
  const digest = await writeArchive({ ...request, file: temporary });
  await rename(temporary, `${stem}.tar`);
  await writeFile(temporary, JSON.stringify({ digest }));
  await rename(temporary, `${stem}.json`);
  return { reference: request.reference, archive: `${stem}.tar`, digest };
}

async function labelled(reference: string, stem: string): Promise<LocalImage | undefined> {
  try {
    const { digest } = JSON.parse(await readFile(`${stem}.json`, "utf8")) as { digest: string };
    const archive = `${stem}.tar`;
    await stat(archive);
    return { reference, archive, digest };
  } catch {
    return undefined;
  }
}

/** Changes with the files, by their place, size and time; those of tools have their content's key in their place. */
async function imageKey({ reference, configuration, files }: ImageRequest): Promise<string> {
  const entries = await Promise.all(
    [...files].map(async ([path, entry]) => {
      if (entry.kind !== "file" || "text" in entry.from) return [path, entry];
      const { size, mtimeMs } = await stat(entry.from.file);
      return [path, entry, size, mtimeMs];
    }),
  );
  const decisive = JSON.stringify([format, process.arch, reference, configuration, entries.sort()]);
  return keyOf(decisive);
}

function nameOf(spec: ImageSpec): string {
  const [name = "", tag = ""] = spec.reference.slice(spec.reference.lastIndexOf("/") + 1).split(":");
  return `${name}-${tag}`;
}

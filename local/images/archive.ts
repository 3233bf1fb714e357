import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { pack } from "tar-stream";

import type { ImageConfiguration, ImageFiles } from "./image";
import { add, addFile, bytes, layer } from "./layer";

/** What is written. */
export interface ArchiveRequest {
  /** The archive's path. A second file beside it is used meanwhile. */
  readonly file: string;
  readonly reference: string;
  readonly files: ImageFiles;
  readonly configuration: ImageConfiguration;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** How OCI calls this machine's kind of processor. */
function architecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

/**
 * Writes an image of one layer as an OCI archive: the same files and settings make the same bytes.
 *
 * @returns the digest of the image's manifest.
 */
export async function writeArchive({
  file,
  reference,
  files,
  configuration,
}: ArchiveRequest): Promise<string> {
  const layerFile = `${file}.layer`;
  try {
    const layerDescriptor = await writeLayer(layerFile, files);
    const config = JSON.stringify(imageConfig(configuration, layerDescriptor.digest));
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: describe("application/vnd.oci.image.config.v1+json", config),
      layers: [layerDescriptor],
    });
    const described = describe("application/vnd.oci.image.manifest.v1+json", manifest);
    const annotations = {
      "io.containerd.image.name": reference,
      "org.opencontainers.image.ref.name": reference.slice(reference.lastIndexOf(":") + 1),
    };
    const index = JSON.stringify({ schemaVersion: 2, manifests: [{ ...described, annotations }] });

    const archive = pack();
    const written = pipeline(bytes(archive), createWriteStream(file));
    await add(archive, { name: "oci-layout" }, '{"imageLayoutVersion":"1.0.0"}');
    await add(archive, { name: "index.json" }, index);
    for (const blob of [config, manifest]) await add(archive, { name: blobPath(sha256(blob)) }, blob);
    await addFile(archive, { name: blobPath(layerDescriptor.digest) }, layerFile);
    archive.finalize();
    await written;
    return described.digest;
  } finally {
    await rm(layerFile, { force: true });
  }
}

async function writeLayer(file: string, files: ImageFiles): Promise<Descriptor> {
  const hash = createHash("sha256");
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(layer(files), measure, createWriteStream(file));
  return {
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    digest: `sha256:${hash.digest("hex")}`,
    size,
  };
}

function imageConfig(configuration: ImageConfiguration, layerDigest: string): object {
  const { user, entrypoint, environment = {}, workingFolder = "/" } = configuration;
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return {
    architecture: architecture(),
    os: "linux",
    config: {
      User: user,
      Entrypoint: entrypoint,
      Env: Object.entries({ PATH: path, ...environment }).map(([name, value]) => `${name}=${value}`),
      WorkingDir: workingFolder,
    },
    rootfs: { type: "layers", diff_ids: [layerDigest] },
    history: [{ created_by: "terp" }],
  };
}

function describe(mediaType: string, text: string): Descriptor {
  return { mediaType, digest: sha256(text), size: Buffer.byteLength(text) };
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

/** The SHA-256 of a file, in hexadecimal. */
export async function fileHash(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

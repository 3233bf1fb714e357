import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { extract } from "tar-stream";

import { images } from "../../../infra/versions";
import { fileHash, writeArchive } from "../../../local/images/archive";
import { imageCatalog } from "../../../local/images/catalog";
import { certManagerImages } from "../../../local/images/certManager";
import { ensureImage } from "../../../local/images/ensure";
import type { ImageEntry, ImageFiles } from "../../../local/images/image";
import { silent } from "../../../local/progress";
import { aFolder } from "../../support/folders";

interface Member {
  readonly type: string | null | undefined;
  readonly mode: number | undefined;
  readonly owner: number | undefined;
  readonly time: number | undefined;
  readonly target: string | null | undefined;
  readonly content: Buffer;
}

async function members(archive: Buffer): Promise<ReadonlyMap<string, Member>> {
  const found = new Map<string, Member>();
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk) => chunks.push(chunk as Buffer));
    stream.on("end", () => {
      const { type, mode, uid, mtime, linkname } = header;
      const content = Buffer.concat(chunks);
      found.set(header.name, { type, mode, owner: uid, time: mtime.getTime(), target: linkname, content });
      next();
    });
  });
  await pipeline(Readable.from([archive]), reader as unknown as NodeJS.WritableStream);
  return found;
}

describe("an image made here", () => {
  const folder = aFolder();
  const before = { ...process.env };
  const configuration = { user: "65534:65534", entrypoint: ["program"], environment: { HOME: "/tmp" } };
  const reference = "registry.example.test/team/program:v1.2";
  let program: string;
  let files: ImageFiles;

  beforeEach(() => {
    process.env["TERP_CACHE"] = join(folder.path, "cache");
    program = join(folder.path, "program");
    writeFileSync(program, "binary");
    files = new Map<string, ImageEntry>([
      ["/usr/local/bin/program", { kind: "file", from: { file: program }, mode: 0o755 }],
      ["/tmp", { kind: "folder", mode: 0o1777 }],
      ["/bin/sh", { kind: "link", target: "/usr/bin/bash" }],
      ["/etc/passwd", { kind: "file", from: { text: "root:x:0:0::/:\n" } }],
    ]);
  });

  afterEach(() => {
    process.env = { ...before };
  });

  async function write(
    name: string,
    contents: ImageFiles = files,
  ): Promise<{ digest: string; hash: string }> {
    const file = join(folder.path, name);
    const digest = await writeArchive({ file, reference, files: contents, configuration });
    return { digest, hash: await fileHash(file) };
  }

  it("has the same bytes when it is made again, whatever the order and the age of its files", async () => {
    const first = await write("one.tar");
    utimesSync(program, 1, 1);
    const second = await write("two.tar", new Map([...files].reverse()));
    assert.deepEqual(second, first);
    assert.deepEqual(readdirSync(folder.path).sort(), ["one.tar", "program", "two.tar"]);
  });

  it("has another digest when a file in it changes", async () => {
    const first = await write("one.tar");
    writeFileSync(program, "another");
    assert.notEqual((await write("two.tar")).digest, first.digest);
  });

  it("is an OCI layout whose blobs have the digests that are stated", async () => {
    const { digest } = await write("one.tar");
    const archive = await members(readFileSync(join(folder.path, "one.tar")));
    const blob = (name: string): Buffer => {
      const content = archive.get(`blobs/${name.replace(":", "/")}`)?.content ?? Buffer.of();
      assert.equal(`sha256:${createHash("sha256").update(content).digest("hex")}`, name);
      return content;
    };
    const index = JSON.parse(archive.get("index.json")?.content.toString() ?? "") as {
      manifests: { digest: string; annotations: Record<string, string> }[];
    };
    assert.equal(index.manifests[0]?.digest, digest);
    assert.equal(index.manifests[0].annotations["io.containerd.image.name"], reference);
    const manifest = JSON.parse(blob(digest).toString()) as {
      config: { digest: string };
      layers: { digest: string; size: number }[];
    };
    const config = JSON.parse(blob(manifest.config.digest).toString()) as {
      config: { User: string; Entrypoint: string[]; Env: string[] };
      rootfs: { diff_ids: string[] };
    };
    assert.equal(config.config.User, "65534:65534");
    assert.deepEqual(config.config.Entrypoint, ["program"]);
    assert.ok(config.config.Env.includes("HOME=/tmp"));
    const [described] = manifest.layers;
    assert.deepEqual(config.rootfs.diff_ids, [described?.digest]);

    const layer = blob(described?.digest ?? "");
    assert.equal(layer.length, described?.size);
    const inside = await members(layer);
    assert.deepEqual(
      [...inside.keys()],
      [
        "bin/",
        "bin/sh",
        "etc/",
        "etc/passwd",
        "tmp/",
        "usr/",
        "usr/local/",
        "usr/local/bin/",
        "usr/local/bin/program",
      ],
    );
    assert.equal(inside.get("tmp/")?.mode, 0o1777);
    assert.equal(inside.get("usr/local/bin/program")?.mode, 0o755);
    assert.equal(inside.get("bin/sh")?.target, "/usr/bin/bash");
    assert.equal(inside.get("usr/local/bin/program")?.content.toString(), "binary");
    for (const member of inside.values()) assert.deepEqual([member.owner, member.time], [0, 0]);
  });

  it("is made once, and anew when a file in it changes or what killed runs left is in the way", async () => {
    const request = { name: "program-v1.2", reference, configuration, files };
    const [first, second] = await Promise.all([ensureImage(request, silent), ensureImage(request, silent)]);
    assert.deepEqual(second, first);
    const cache = join(folder.path, "cache", "images");
    mkdirSync(join(cache, "locks"), { recursive: true });
    writeFileSync(join(cache, ".unfinished-program-v1.2"), "half");
    writeFileSync(program, "a longer one");
    const third = await ensureImage(request, silent);
    assert.notEqual(third.archive, first.archive);
    assert.deepEqual(
      readdirSync(cache).filter((name) => name.startsWith(".")),
      [],
    );
  });
});

describe("the images that are made here", () => {
  it("are all that the platform asks for but Grafana, whose pages aren't in its module, by the names it asks for", () => {
    const asked = Object.values(images).filter((name) => name !== images.grafana);
    const ofCharts = certManagerImages.map(({ reference }) => reference);
    assert.deepEqual(imageCatalog.map((spec) => spec.reference).sort(), [...asked, ...ofCharts].sort());
  });
});

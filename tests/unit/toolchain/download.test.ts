import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { silent, type Progress } from "../../../local/progress";
import { ensureSpecs } from "../../../local/toolchain/ensure";
import type { ToolSpec } from "../../../local/toolchain/tool";
import { aFolder } from "../../support/folders";

describe("downloading a tool from its publisher", () => {
  const folder = aFolder();
  const before = { ...process.env };
  const asked: string[] = [];
  let files: Map<string, Buffer | string>;
  let server: Server;
  let spec: ToolSpec;
  let notes: string[];
  let progress: Progress;

  beforeEach(async () => {
    process.env["TERP_CACHE"] = join(folder.path, "cache");
    // No Go: what can't be downloaded can't be had.
    process.env["PATH"] = "/usr/bin:/bin";
    delete process.env["HTTP_PROXY"];
    delete process.env["http_proxy"];
    asked.length = 0;
    notes = [];
    progress = { ...silent, note: (text) => notes.push(text) };
    files = new Map();
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const content = files.get(request.url ?? "");
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    // A module folder that isn't there: a build would fail.
    const build = { folder: join(folder.path, "module"), packages: ["."], memory: 1 };
    mkdirSync(build.folder);
    writeFileSync(join(build.folder, "go.mod"), "no module");
    const download = { url: `${address}/{version}/tool.tar.gz`, checksums: `${address}/sums` };
    spec = {
      name: "pause",
      version: "0.1.0",
      purpose: "a test",
      files: ["pause"],
      build,
      download: { ...download, members: { pause: "release/pause" } },
    };
  });

  afterEach(() => {
    process.env = { ...before };
    server.closeAllConnections();
    server.close();
  });

  function publish(): Buffer {
    const release = join(folder.path, "release");
    mkdirSync(release);
    writeFileSync(join(release, "pause"), "#!/bin/sh\necho hello\n");
    const archive = execFileSync("tar", ["--create", "--gzip", "--directory", folder.path, "release"]);
    files.set("/0.1.0/tool.tar.gz", archive);
    files.set("/sums", `${createHash("sha256").update(archive).digest("hex")}  tool.tar.gz\n`);
    return archive;
  }

  it("takes the archive's member, and asks nobody when it is there", async () => {
    publish();
    const [tool] = await ensureSpecs([spec], progress);
    assert.deepEqual([tool?.source, tool?.version], ["download", "0.1.0"]);
    const file = join(tool?.directory ?? "", "pause");
    assert.equal(readFileSync(file, "utf8"), "#!/bin/sh\necho hello\n");
    assert.equal(statSync(file).mode & 0o777, 0o755);
    const before = asked.length;
    assert.deepEqual(await ensureSpecs([spec], progress), [tool]);
    assert.equal(asked.length, before);
  });

  it("refuses what isn't what the publisher's checksum says", async () => {
    const archive = publish();
    files.set("/0.1.0/tool.tar.gz", Buffer.concat([archive, Buffer.from("x")]));
    await assert.rejects(ensureSpecs([spec], progress));
    assert.match(
      notes.join("\n"),
      /its SHA-256 is [0-9a-f]{64}, its publisher states [0-9a-f]{64}; it is built instead/,
    );
  });

  it("is tried once for all tools where the publisher can't be reached, and it says so", async () => {
    const two: ToolSpec = { ...spec, name: "podinfo", files: ["podinfo"] };
    await assert.rejects(ensureSpecs([spec, two], progress));
    assert.deepEqual(asked, ["/sums"]);
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? "", /can't be reached: tools are built from source/);
  });
});

import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { silent, type Progress } from "../../../local/progress";
import { ensureSpecs } from "../../../local/toolchain/ensure";
import { findGo } from "../../../local/toolchain/go";
import type { ToolSpec } from "../../../local/toolchain/tool";
import { eventually } from "../../support/eventually";
import { aFolder } from "../../support/folders";

describe("building a tool from its module", () => {
  const folder = aFolder();
  const before = { ...process.env };
  let spec: ToolSpec;

  /** A `go` that notes each build and may do something before it. */
  async function noteBuilds(script = ""): Promise<void> {
    const go = await findGo(before);
    assert.ok(go !== undefined);
    const bin = join(folder.path, "bin");
    mkdirSync(bin, { recursive: true });
    const text = `#!/bin/sh\nif [ "$1" = build ]; then echo build >> ${folder.path}/builds; ${script}\nfi\nexec ${go.program} "$@"\n`;
    writeFileSync(join(bin, "go"), text);
    chmodSync(join(bin, "go"), 0o755);
    process.env["PATH"] = `${bin}:${before["PATH"] ?? ""}`;
  }

  function builds(): number {
    const file = join(folder.path, "builds");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
  }

  function unfinished(): readonly string[] {
    return readdirSync(join(folder.path, "cache", "toolchain")).filter((name) =>
      name.startsWith(".unfinished"),
    );
  }

  /** Builds in a process of its own, which the `go` above can kill. Returns the signal that ended it. */
  async function runElsewhere(): Promise<unknown> {
    const toolchain = join(__dirname, "../../../local/toolchain/ensure");
    const script = join(folder.path, "run.ts");
    writeFileSync(
      script,
      `const { ensureSpecs } = require(${JSON.stringify(toolchain)});\n` +
        `void ensureSpecs([${JSON.stringify(spec)}], { note() {}, step: (_, work) => work(() => {}) });\n`,
    );
    symlinkSync(join(__dirname, "../../../node_modules"), join(folder.path, "node_modules"));
    const child = spawn(process.execPath, ["--require", "tsx/cjs", script], {
      cwd: folder.path,
      stdio: "ignore",
    });
    return new Promise((resolve) => {
      child.once("exit", (_, ended) => {
        resolve(ended);
      });
    });
  }

  beforeEach(async function () {
    if ((await findGo(before)) === undefined) this.skip();
    process.env["TERP_CACHE"] = join(folder.path, "cache");
    const module = join(folder.path, "module");
    mkdirSync(module);
    writeFileSync(join(module, "go.mod"), "module example.test/hello\n\ngo 1.21\n");
    writeFileSync(join(module, "main.go"), 'package main\n\nfunc main() { println("hello") }\n');
    // A name that the toolchain knows: only the module differs.
    const build = { folder: module, packages: ["."], rename: { hello: "pause" }, memory: 0.1 };
    spec = { name: "pause", version: "0.1.0", purpose: "a test", files: ["pause"], build };
    await noteBuilds();
  });

  afterEach(() => {
    process.env = { ...before };
  });

  it("makes its files once, and takes them from the cache from then on", async () => {
    const [first] = await ensureSpecs([spec], silent);
    const [second] = await ensureSpecs([spec], silent);
    assert.deepEqual(second, first);
    assert.equal(first?.source, "build");
    assert.deepEqual(readdirSync(first.directory).sort(), [".tool.json", "pause"]);
    assert.equal(builds(), 1);
  });

  it("makes it anew when its source has changed", async () => {
    const [first] = await ensureSpecs([spec], silent);
    writeFileSync(join(spec.build.folder, "main.go"), 'package main\n\nfunc main() { println("hallo") }\n');
    const [second] = await ensureSpecs([spec], silent);
    assert.notEqual(second?.directory, first?.directory);
    assert.equal(builds(), 2);
  });

  it("happens once when two runs start at once, and the second says that it waits", async () => {
    await noteBuilds("sleep 1");
    const said: string[] = [];
    const listening: Progress = {
      ...silent,
      step: (_title, work) => work((text) => said.push(text)),
    };
    const runs = await Promise.all([ensureSpecs([spec], listening), ensureSpecs([spec], listening)]);
    assert.deepEqual(runs[0], runs[1]);
    assert.equal(builds(), 1);
    assert.ok(said.includes("waiting for another run that makes it"), said.join("\n"));
  });

  it("that was killed leaves nothing that the next one takes for a tool, or leaves lying about", async () => {
    await noteBuilds("kill -KILL $PPID; exec sleep 5");
    const signal = await runElsewhere();
    assert.equal(signal, "SIGKILL");
    assert.equal(unfinished().length, 1);

    await noteBuilds();
    const [tool] = await ensureSpecs([spec], silent);
    assert.ok(existsSync(join(tool?.directory ?? "", "pause")));
    assert.deepEqual(unfinished(), []);
    assert.equal(builds(), 2);
  });

  it("ends when the process that asked for it is killed", async () => {
    const pid = join(folder.path, "pid");
    await noteBuilds(`echo $$ > ${pid}; kill -KILL $PPID; exec sleep 600`);
    await runElsewhere();
    await eventually(() => {
      const alive = existsSync(`/proc/${readFileSync(pid, "utf8").trim()}`);
      return alive ? Promise.reject(new Error("it still runs")) : Promise.resolve();
    }, 20_000);
  });

  it("that fails says in which module and what the compiler said, and leaves nothing", async () => {
    writeFileSync(
      join(spec.build.folder, "main.go"),
      "package main\n\nfunc main() { undefinedFunction() }\n",
    );
    await assert.rejects(ensureSpecs([spec], silent), (error: Error) => {
      assert.match(error.message, /^pause 0\.1\.0: "go build" in .*module ended with exit code 1:/);
      assert.match(error.message, /undefined: undefinedFunction/);
      return true;
    });
    assert.deepEqual(unfinished(), []);
  });

  it("that makes other files than the catalog promises is refused", async () => {
    const build = { ...spec.build, rename: {} };
    await assert.rejects(ensureSpecs([{ ...spec, build }], silent), /its build made no file "pause"/);
  });

  it("isn't needed when a fitting one is on PATH", async () => {
    const bin = join(folder.path, "bin");
    writeFileSync(join(bin, "pause"), "#!/bin/sh\necho v0.2.1\n");
    chmodSync(join(bin, "pause"), 0o755);
    const onPath = { versionArguments: ["version"], minimum: "0.1.0" };
    const [tool] = await ensureSpecs([{ ...spec, onPath }], silent);
    assert.deepEqual([tool?.source, tool?.version, builds()], ["path", "0.2.1", 0]);
    const [older] = await ensureSpecs([{ ...spec, onPath: { ...onPath, minimum: "0.3.0" } }], silent);
    assert.deepEqual([older?.source, older?.version, builds()], ["build", "0.1.0", 1]);
  });
});

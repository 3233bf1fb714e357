import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { providerFrom } from "../../infra/dynamic";
import { loadProvider } from "../../infra/dynamicProvider";
import { aFolder } from "../support/folders";

const project = join(__dirname, "..", "..");

describe("code of a dynamic provider", () => {
  it("is the same in every run, and holds nothing but a path of the project", () => {
    const code = providerFrom("infra/keys/ageKeyProvider");
    assert.equal(code, providerFrom("infra/keys/ageKeyProvider"));
    assert.ok(!code.includes(project));
    assert.ok(!code.includes("__name"), "a helper of esbuild that the plugin doesn't have");
  });

  it("loads TypeScript in a plain Node process that stands in the project's folder", () => {
    const code = providerFrom("infra/keys/ageKeyProvider");
    const script = `${code}\nconst provider = exports.handler(); console.log(typeof provider.create, typeof provider.configure);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
      cwd: project,
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.equal(stdout, "function undefined\n");
  });

  for (const path of [
    "",
    "provider",
    "/infra/keys/provider",
    "../infra/keys/provider",
    "infra/keys/provider.ts",
    'infra/"/x',
  ]) {
    it(`isn't made for the path ${JSON.stringify(path)}`, () => {
      assert.throws(() => providerFrom(path), /expected a path from the project's folder without extension/);
    });
  }
});

describe("a loaded provider", () => {
  const folder = aFolder();
  const home = process.cwd();
  afterEach(() => {
    process.chdir(home);
  });

  function load(text: string): ReturnType<typeof loadProvider> {
    mkdirSync(join(folder.path, "infra"));
    writeFileSync(join(folder.path, "infra", "example.ts"), text);
    process.chdir(folder.path);
    return loadProvider("infra/example");
  }

  it("has the methods that the module's has, and no other", () => {
    const provider = load("export const provider = { create() {}, diff() {} };");
    assert.deepEqual(Object.keys(provider), ["diff", "create"]);
  });

  it("fails with the message alone, for the person who reads it", async () => {
    const provider = load("export const provider = { async create() { throw new Error('no room'); } };");
    await assert.rejects(
      provider.create({}),
      (error: Error) => error.message === "no room" && error.stack === "",
    );
  });

  it("fails with the stack of a mistake, for the person who mends it", async () => {
    const provider = load("export const provider = { async create() { undefined.x; } };");
    await assert.rejects(provider.create({}), (error: Error) => /at .*create/.test(error.stack ?? ""));
  });

  it("is missed where the module exports none", () => {
    assert.throws(
      () => load("export const other = 5;"),
      /infra\/example: expected an export named "provider", got none/,
    );
  });
});

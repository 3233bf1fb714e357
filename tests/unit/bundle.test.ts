import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTestFolder, removeTestFolder, type TestFolder } from "../support/testFolder";

const checkout = join(__dirname, "..", "..");

describe("a bundle", () => {
  let test: TestFolder;
  let project: string;

  const main = (): string => join(project, "cli", "main.ts");
  const bundle = (): string => join(project, ".terp", "cli.cjs");
  const made = async (): Promise<number> => (await stat(bundle())).ino;

  /** What the project's `terp` prints. */
  function terp(environment: NodeJS.ProcessEnv = {}): string {
    const words = ["-e", `require(${JSON.stringify(join(project, "infra", "bundle.cjs"))}).runTerp()`];
    const { stdout, stderr } = spawnSync(process.execPath, words, {
      encoding: "utf8",
      env: { ...process.env, TERP_DEBUG: "", ...environment },
    });
    assert.equal(stderr, "");
    return stdout.trim();
  }

  /** What is written long enough ago to be told from what is written now. */
  async function write(text: string): Promise<void> {
    await writeFile(main(), text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  beforeEach(async () => {
    test = await makeTestFolder();
    project = join(test.folder, "project");
    for (const folder of ["infra", "cli"]) await mkdir(join(project, folder), { recursive: true });
    await copyFile(join(checkout, "infra", "bundle.cjs"), join(project, "infra", "bundle.cjs"));
    await symlink(join(checkout, "node_modules"), join(project, "node_modules"));
    await writeFile(join(project, "cli", "late.ts"), `export const late: string = "late";`);
    await write(`import { parse } from "yaml"; console.log(parse("a: here").a, __dirname);`);
  });
  afterEach(() => removeTestFolder(test));

  it("runs the program, packages included, and each file knows its folder", () => {
    assert.equal(terp(), `here ${join(project, "cli")}`);
  });

  it("is made once", async () => {
    terp();
    const first = await made();
    terp();
    assert.equal(await made(), first);
  });

  it("is made anew where a file has changed", async () => {
    terp();
    await write(`console.log("changed");`);
    assert.equal(terp(), "changed");
  });

  it("is made anew where a file is gone", async () => {
    await write(`import { late } from "./late"; console.log(late);`);
    terp();
    await rm(join(project, "cli", "late.ts"));
    await mkdir(join(project, "cli", "late"));
    await writeFile(join(project, "cli", "late", "index.ts"), `export const late: string = "elsewhere";`);
    assert.equal(terp(), "elsewhere");
  });

  it("is made anew where the project has moved", async () => {
    terp();
    const moved = join(test.folder, "moved");
    await rename(project, moved);
    project = moved;
    assert.equal(terp(), `here ${join(moved, "cli")}`);
  });

  it("is made anew where a killed run left half of one", async () => {
    terp();
    const whole = await readFile(bundle(), "utf8");
    await writeFile(bundle(), whole.slice(0, whole.length / 2));
    assert.equal(terp(), `here ${join(project, "cli")}`);
    assert.equal(await readFile(bundle(), "utf8"), whole);
  });

  it("is done without where it can't be kept", async () => {
    await writeFile(join(project, ".terp"), "in its place");
    assert.equal(terp(), `here ${join(project, "cli")}`);
  });

  it("is done without where errors are looked for", async () => {
    assert.equal(terp({ TERP_DEBUG: "1" }), `here ${join(project, "cli")}`);
    await assert.rejects(stat(bundle()), /ENOENT/);
  });

  it("runs what is loaded late only when it is", async () => {
    await writeFile(join(project, "cli", "late.ts"), `console.log("late"); export const late = 1;`);
    await write(
      `console.log("first"); (require("./late") as { late: number }).late; export const early: string = "";`,
    );
    assert.equal(terp(), "first\nlate");
  });

  it("has errors name the lines of files", async () => {
    await write(
      `type Nothing = undefined;\n\nconst fail = (): never => {\n  throw new Error("no");\n};\ntry {\n  fail();\n} catch (error) {\n  console.log((error as Error).stack);\n}`,
    );
    const stack = terp();
    assert.match(stack, /^Error: no\n/);
    assert.ok(stack.includes(`${main()}:4:9`), stack);
    assert.ok(stack.includes(`${main()}:7:3`), stack);
  });
});

describe("the bundle for the engine", () => {
  /** What a script prints in a process that the engine starts, and whether tsx is there. */
  function printed(script: string): string[] {
    const words = [
      "--require",
      "./infra/preload.cjs",
      "-e",
      `${script}; console.log(Object.keys(require.cache).some((file) => file.includes("/node_modules/tsx/")))`,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: checkout, encoding: "utf8" });
    assert.equal(stderr, "");
    return stdout.trim().split("\n");
  }

  before(() => {
    const { status } = spawnSync(process.execPath, ["infra/bundle.cjs", "engine"], { cwd: checkout });
    assert.equal(status, 0);
  });

  it("has the program, which starts without tsx", () => {
    assert.deepEqual(printed(`console.log(typeof require("./stacks/index.ts"))`), ["function", "false"]);
  });

  it("has the providers of dynamic resources, by the code that the state keeps of them", () => {
    const code = `require("tsx/cjs"); const { loadProvider } = require("./infra/dynamicProvider");`;
    const script = `${code} console.log(typeof loadProvider("infra/keys/ageKeyProvider").create)`;
    assert.deepEqual(printed(script), ["function", "false"]);
  });

  it("leaves other files to tsx", () => {
    assert.deepEqual(printed(`console.log(typeof require("./infra/config/parse").parseConfig)`), [
      "function",
      "true",
    ]);
  });
});

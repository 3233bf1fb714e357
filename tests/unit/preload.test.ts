import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

/** What a script prints in a process that was started as the engine starts the program. */
function printedBy(script: string, environment: NodeJS.ProcessEnv = {}): string {
  // Pulumi looks at every module of Node's to serialise a closure, and Node warns of some.
  const words = ["--no-warnings", "--require", "./infra/preload.cjs", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  assert.equal(stderr, "");
  return stdout.trim();
}

describe("what is loaded before the program", () => {
  it("leaves out what Pulumi needs to serialise closures", () => {
    const printed = printedBy(`
      require("@pulumi/pulumi");
      const loaded = (name) => Object.keys(require.cache).some((file) => file.includes("/node_modules/" + name + "/"));
      console.log(loaded("@grpc/grpc-js"), loaded("typescript"), loaded("@npmcli/arborist"));
    `);
    assert.equal(printed, "true false false");
  });

  it("still lets Pulumi serialise a closure", () => {
    const printed = printedBy(`
      const captured = 42;
      require("@pulumi/pulumi").runtime.serializeFunction(() => captured).then(({ text }) => console.log(text.includes("42")));
    `);
    assert.equal(printed, "true");
  });

  it("leaves other callers their TypeScript", () => {
    assert.equal(printedBy(`console.log(require("typescript").SyntaxKind.Identifier > 0)`), "true");
  });

  it("lets an error name the line of the TypeScript file, also where Pulumi maps lines", () => {
    const file = join(project, "infra", "fault.ts");
    const printed = printedBy(`
      require("source-map-support/register");
      const { describeFaults } = require(${JSON.stringify(file)});
      try { describeFaults(undefined); } catch (error) { console.log(error.stack.split("\\n")[1]); }
    `);
    const line = Number(/fault\.ts:(\d+):/.exec(printed)?.[1]);
    const body = readFileSync(file, "utf8").split("\n");
    const first = body.findIndex((each) => each.includes("function describeFaults"));
    assert.ok(line > first && line <= first + 8, printed);
  });

  it("loads TypeScript files, and packages in either module format", () => {
    const printed = printedBy(`
      console.log(typeof require("./infra/config").parseConfig, typeof require("age-encryption").Encrypter);
    `);
    assert.equal(printed, "function function");
  });

  it("keeps the places in the code where resources are made to itself, unless they are asked for", () => {
    const script = `console.log(require("@pulumi/pulumi").Resource.stackTrace(0).length > 0)`;
    assert.equal(printedBy(script), "false");
    assert.equal(printedBy(script, { TERP_DEBUG: "1" }), "true");
  });

  it("sends the engine no debug messages, unless they are asked for", () => {
    const script = `
      const settings = require("@pulumi/pulumi/runtime/settings");
      settings.getEngine = () => ({ log: (request, done) => (console.log(request.getMessage()), done()) });
      require("@pulumi/pulumi").log.debug("hello");
    `;
    assert.equal(printedBy(script), "");
    assert.equal(printedBy(script, { TERP_DEBUG: "1" }), "hello");
  });
});

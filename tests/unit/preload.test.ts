import { strict as assert } from "node:assert";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

/** How a script ends in a process that was started as the engine starts the program. */
function ended(script: string, environment: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  // Pulumi looks at every module of Node's to serialise a closure, and Node warns of some.
  const words = ["--no-warnings", "--require", "./infra/preload.cjs", "-e", script];
  return spawnSync(process.execPath, words, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
}

/** What a script prints there that nothing is wrong with. */
function printedBy(script: string, environment: NodeJS.ProcessEnv = {}): string {
  const { stdout, stderr } = ended(script, environment);
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

  it("leaves out what Pulumi needs to run other programs, and still has it", () => {
    const printed = printedBy(`
      const pulumi = require("@pulumi/pulumi");
      const loaded = () => Object.keys(require.cache).some((file) => file.includes("/pulumi/automation/localWorkspace"));
      console.log(loaded(), typeof pulumi.automation.LocalWorkspace, loaded());
    `);
    assert.equal(printed, "false function true");
  });

  it("has resources' inputs coded without an object for each value", () => {
    const printed = printedBy(`
      const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
      const struct = Struct.fromJavaScript({ a: 1 });
      console.log(JSON.stringify(struct.toArray()), JSON.stringify(struct.toJavaScript()));
    `);
    assert.equal(printed, '[] {"a":1}');
  });

  it("leaves out the languages in which zod can say what is wrong, and still has them", () => {
    const printed = printedBy(`
      const { z } = require("zod");
      const loaded = () => Object.keys(require.cache).some((file) => file.endsWith("/locales/nl.cjs"));
      console.log(loaded(), z.string().safeParse(1).error.issues[0].message, typeof z.locales.nl, loaded());
    `);
    assert.equal(printed, "false Invalid input: expected string, received number function true");
  });

  it("is followed by a program that loads Grafana's library only where there is a Grafana", () => {
    const printed = printedBy(`
      require("./stacks/platform");
      const loaded = () => Object.keys(require.cache).some((file) => file.includes("/grafana-foundation-sdk/"));
      const before = loaded();
      require("./components/grafana/lazy").forOperators();
      console.log(before, loaded());
    `);
    assert.equal(printed, "false true");
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
      console.log(typeof require("./infra/config/parse").parseConfig, typeof require("age-encryption").Encrypter);
    `);
    assert.equal(printed, "function function");
  });

  const watched = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");`;

  it("fails a program that ends while promises are pending", () => {
    const { status, stderr } = ended(`${watched}
      debuggablePromise(Promise.resolve("the first"));
      debuggablePromise(new Promise(() => {}));
    `);
    assert.equal(status, 1);
    assert.match(stderr, /detected that 1 promise was still active/);
  });

  it("lets a program end well once all promises are kept or broken", () => {
    const { status, stderr } = ended(`${watched}
      debuggablePromise(Promise.resolve("the first"));
      debuggablePromise(Promise.resolve("kept"));
      debuggablePromise(Promise.reject(new Error("broken"))).catch(() => {});
    `);
    assert.deepEqual([status, stderr], [0, ""]);
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

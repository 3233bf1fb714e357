import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  fastPathRefusal,
  readFoundation,
  rememberFoundation,
  resourcesDigest,
  sourcesDigest,
} from "../../../cli/engine/foundation";
import type { StackState } from "../../../cli/engine/state";

function stateOf(...types: readonly string[]): StackState {
  const resources = types.map((type, index) => ({
    urn: `urn:pulumi:local::terp::${type}::r${String(index)}`,
    type: type.split("$").at(-1) ?? type,
    inputs: {},
    outputs: {},
    delete: false,
    protect: false,
  }));
  return { resources, pendingOperations: 0 };
}

const cluster = "pulumi:pulumi:Stack$dynamic:cluster:LocalCluster";
const tenantObject = "terp:tenant:Tenant$kubernetes:core/v1:Namespace";

describe("the fast path", () => {
  const state = stateOf(cluster, tenantObject);
  const recorded = { version: 1, sources: "a", resources: resourcesDigest(state) } as const;

  it("is taken when nothing but tenants can differ", () => {
    assert.equal(fastPathRefusal(recorded, "a", state), undefined);
  });

  it("is taken when tenants have come and gone", () => {
    assert.equal(fastPathRefusal(recorded, "a", stateOf(cluster)), undefined);
  });

  const refusals: readonly [string, Parameters<typeof fastPathRefusal>, RegExp][] = [
    ["the stack is new", [recorded, "a", undefined], /new/],
    ["the last run was cut off", [recorded, "a", { ...state, pendingOperations: 1 }], /cut off/],
    ["no run was ever completed", [undefined, "a", state], /no run/],
    ["code or settings have changed", [recorded, "b", state], /code or settings/],
    [
      "the state has lost or got something",
      [recorded, "a", stateOf(tenantObject, cluster, "x:y:Z")],
      /resources/,
    ],
  ];
  for (const [when, given, why] of refusals) {
    it(`isn't taken when ${when}`, () => {
      assert.match(fastPathRefusal(...given) ?? "", why);
    });
  }
});

describe("the digest of code and settings", () => {
  let project: string;

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "terp-test-"));
    await mkdir(join(project, "stacks"));
    await writeFile(join(project, "stacks/tenants.ts"), "one");
    await writeFile(join(project, "stacks/services.ts"), "one");
    await writeFile(join(project, "Pulumi.local.yaml"), "config: { terp:a: 1 }");
  });

  afterEach(async () => {
    await rm(project, { recursive: true, force: true });
  });

  const changes: readonly [string, string, string, boolean][] = [
    ["the list of tenants", "stacks/tenants.ts", "two", false],
    ["the salt that pulumi adds", "Pulumi.local.yaml", "encryptionsalt: v1:x\nconfig: { terp:a: 1 }", false],
    ["another stack's settings", "Pulumi.dev.yaml", "config: {}", false],
    ["a service", "stacks/services.ts", "two", true],
    ["a setting", "Pulumi.local.yaml", "config: { terp:a: 2 }", true],
    ["the packages", "package-lock.json", "{}", true],
  ];
  for (const [what, file, content, matters] of changes) {
    it(`${matters ? "changes" : "stays the same"} with ${what}`, async () => {
      const before = await sourcesDigest(project, "local");
      await writeFile(join(project, file), content);
      assert.equal((await sourcesDigest(project, "local")) !== before, matters);
    });
  }
});

describe("what a completed run stood on", () => {
  it("is read back as it was written, and a broken record is as good as none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "terp-test-"));
    try {
      const file = join(folder, "state", "record.json");
      const state = stateOf(cluster);
      assert.equal(await readFoundation(file), undefined);
      rememberFoundation(file, "a", state);
      assert.equal(fastPathRefusal(await readFoundation(file), "a", state), undefined);
      await writeFile(file, "{");
      assert.equal(await readFoundation(file), undefined);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import assert from "node:assert/strict";
import type { Kind } from "../../../local/plugins/generated/kind";
import { GeneratedProvider } from "../../../local/plugins/generated/provider";
import type { EngineHost } from "../../../local/plugins/server/provider";
import { Secret, secret, unknown, type PropertyMap } from "../../../local/plugins/server/values";

const thing: Kind = {
  properties: {
    size: { type: "number" },
    colour: { type: "string", default: "red" },
    note: { type: "string", updatable: true },
    tone: { type: "string", deprecated: "use `colour`." },
  },
  required: ["size"],
  computed: ["made"],
  make: (inputs) => Promise.resolve({ id: "1", outputs: { made: `${inputs["colour"] as string} thing` } }),
};

const certificate: Kind = {
  properties: { early: { type: "number", default: 0, updatable: true } },
  computed: ["due"],
  make: () => Promise.resolve({ id: "1", outputs: { due: false } }),
  age: (_outputs, inputs) => ({
    outputs: { due: Number(inputs["early"]) > 5 },
    replaces: Number(inputs["early"]) > 5 ? ["due"] : [],
  }),
};

function setUp() {
  const said: string[] = [];
  const host: EngineHost = { log: (severity, message) => said.push(`${severity}: ${message}`) };
  const kinds = { "a:index/thing:Thing": thing, "a:index/cert:Cert": certificate };
  return { said, provider: new GeneratedProvider({ version: "1.0.0", kinds, host }) };
}

const identity = { urn: "urn:pulumi:s::p::a:index/thing:Thing::x", name: "x", type: "a:index/thing:Thing" };

function check(provider: GeneratedProvider, news: PropertyMap) {
  return provider.check({ ...identity, olds: {}, news, randomSeed: new Uint8Array(), autonaming: undefined });
}

function diff(provider: GeneratedProvider, request: { olds: PropertyMap; news: PropertyMap; type?: string }) {
  return provider.diff({ ...identity, id: "1", oldInputs: {}, ignoreChanges: [], ...request });
}

describe("a provider of generated things", () => {
  it("accepts inputs as they are, without writing defaults into them", async () => {
    const { provider } = setUp();
    assert.deepEqual(await check(provider, { size: 1 }), { inputs: { size: 1 }, failures: [] });
  });

  it("names a missing input", async () => {
    const { failures } = await check(setUp().provider, {});
    assert.match(failures?.[0]?.reason ?? "", /argument "size" is required.*'x\.size'/);
  });

  it("refuses an input of the wrong type, and one that it doesn't know", async () => {
    const { provider } = setUp();
    assert.throws(() => void check(provider, { size: "many" }), /Expected a Number.*"many"/);
    assert.throws(() => void check(provider, { size: 1, shape: "round" }), /"shape" isn't known/);
    await check(provider, { size: unknown, colour: secret("blue") });
  });

  it("warns of deprecated inputs", async () => {
    const { provider, said } = setUp();
    await check(provider, { size: 1, tone: "dark" });
    assert.deepEqual(said, ['warning: [WARNING] property "tone" is deprecated: use `colour`.']);
  });

  it("sees no change in a default that is written out, nor in what is secret", async () => {
    const { provider } = setUp();
    const { changes } = await diff(provider, {
      olds: { size: 1, colour: "red" },
      news: { size: secret(1), colour: "red" },
    });
    assert.equal(changes, "none");
  });

  it("replaces for a changed input, and updates for one that may change", async () => {
    const { provider } = setUp();
    const olds = { size: 1, colour: "red", note: "a" };
    const replaced = await diff(provider, { olds, news: { size: 2, note: "b" } });
    assert.deepEqual(replaced, { changes: "some", diffs: ["size", "note"], replaces: ["size"] });
    const updated = await diff(provider, { olds, news: { size: 1, note: "b" } });
    assert.deepEqual(updated, { changes: "some", diffs: ["note"], replaces: [] });
  });

  it("replaces when an input isn't known yet", async () => {
    const { replaces } = await diff(setUp().provider, {
      olds: { size: 1, colour: "red" },
      news: { size: unknown },
    });
    assert.deepEqual(replaces, ["size"]);
  });

  it("replaces what time has made due, for as long as it is", async () => {
    const { provider } = setUp();
    const type = "a:index/cert:Cert";
    const due = await diff(provider, { olds: { early: 9, due: true }, news: { early: 9 }, type });
    assert.deepEqual(due, { changes: "some", diffs: ["due"], replaces: ["due"] });
    const relaxed = await diff(provider, { olds: { early: 9, due: true }, news: { early: 1 }, type });
    assert.deepEqual(relaxed, { changes: "some", diffs: ["early", "due"], replaces: [] });
  });

  it("previews a creation with unknown outputs and makes nothing", async () => {
    const { provider } = setUp();
    const request = { ...identity, properties: { size: 1 }, timeout: 0 };
    const { properties } = await provider.create({ ...request, preview: true });
    assert.deepEqual(properties, { size: 1, colour: "red", made: unknown });
    assert.equal((await provider.create({ ...request, preview: false })).properties["made"], "red thing");
  });

  it("keeps secret inputs wrapped in the outputs", async () => {
    const { provider } = setUp();
    const properties = { size: 1, colour: secret("blue") };
    const created = await provider.create({ ...identity, properties, timeout: 0, preview: false });
    assert.ok(created.properties["colour"] instanceof Secret);
  });

  it("leaves a refreshed object as it is, but for what time changes", async () => {
    const { provider } = setUp();
    const type = "a:index/cert:Cert";
    const read = { ...identity, type, id: "1", properties: { early: 9, due: false }, inputs: { early: 9 } };
    assert.deepEqual((await provider.read(read)).properties, { early: 9, due: true });
  });

  it("says which kinds it has when asked for another, and what can't be imported", async () => {
    const { provider } = setUp();
    assert.throws(
      () => void diff(provider, { olds: {}, news: {}, type: "a:index/other:Other" }),
      /only Thing, Cert/,
    );
    const request = { ...identity, id: "1", properties: {}, inputs: {} };
    await assert.rejects(provider.read(request), /can't be imported/);
  });
});

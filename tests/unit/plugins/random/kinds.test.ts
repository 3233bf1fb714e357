import assert from "node:assert/strict";
import bcrypt from "bcryptjs";
import { shuffledTo, petName } from "../../../../local/plugins/random/choiceKinds";
import { systemDice } from "../../../../local/plugins/random/dice";
import { bcryptHash } from "../../../../local/plugins/random/hash";
import { kinds } from "../../../../local/plugins/random/kinds";
import { timedUuid } from "../../../../local/plugins/random/uuid";
import { Secret } from "../../../../local/plugins/server/values";

function kind(name: string) {
  const found = Object.entries(kinds).find(([token]) => token.endsWith(`:${name}`))?.[1];
  assert.ok(found);
  return found;
}

describe("random kinds", () => {
  it("keep a password and its hash secret, and its id empty of it", async () => {
    const { id, outputs } = await kind("RandomPassword").make({
      ...{ length: 8, lower: true, upper: false, numeric: false, special: false },
      ...{ minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 },
    });
    assert.equal(id, "none");
    const { result, bcryptHash: hash } = outputs;
    assert.ok(result instanceof Secret && hash instanceof Secret);
    assert.match(result.value as string, /^[a-z]{8}$/);
    assert.ok(await bcrypt.compare(result.value as string, hash.value as string));
  });

  it("hash like the official plugin: bcrypt 2a, ten rounds' power, a new salt each time", async () => {
    const [first, second] = [await bcryptHash("x"), await bcryptHash("x")];
    assert.match(first, /^\$2a\$10\$.{53}$/);
    assert.notEqual(first, second);
  });

  it("write a random id in every notation, with its prefix", async () => {
    const { id, outputs } = await kind("RandomId").make({ byteLength: 8, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 8);
    assert.equal(outputs["hex"], `p-${bytes.toString("hex")}`);
    assert.equal(outputs["dec"], `p-${BigInt(`0x${bytes.toString("hex")}`).toString()}`);
    assert.equal(outputs["b64Std"], `p-${bytes.toString("base64")}`);
    assert.equal(outputs["b64Url"], `p-${id}`);
  });

  it("import an id with its prefix", async () => {
    const { inputs, outputs } = (await kind("RandomId").adopt?.("my,prefix-,AQIDBA")) ?? {};
    assert.deepEqual(inputs, { byteLength: 4, prefix: "my,prefix-" });
    assert.equal(outputs?.["hex"], "my,prefix-01020304");
  });

  it("import bytes, but no text that isn't base64", async () => {
    const { inputs } = (await kind("RandomBytes").adopt?.("AQIDBA==")) ?? {};
    assert.deepEqual(inputs, { length: 4 });
    await assert.rejects(async () => kind("RandomBytes").adopt?.("not base64"), /base64/);
  });

  it("draw integers within both bounds", async () => {
    const drawn = new Set<unknown>();
    for (let turn = 0; turn < 200; turn++) {
      drawn.add((await kind("RandomInteger").make({ min: 1, max: 3 })).outputs["result"]);
    }
    assert.deepEqual([...drawn].sort(), [1, 2, 3]);
  });

  it("refuse an integer whose minimum is above its maximum", () => {
    assert.throws(() => kind("RandomInteger").refuse?.({ min: 2, max: 1 }), /smaller/);
  });

  it("import an integer as result,min,max", async () => {
    const imported = await kind("RandomInteger").adopt?.("5,1,9");
    assert.deepEqual(imported, { id: "5", outputs: { id: "5", result: 5 }, inputs: { min: 1, max: 9 } });
    await assert.rejects(async () => kind("RandomInteger").adopt?.("5"), /result,min,max/);
  });

  it("refuse a seed, whose draws they couldn't repeat", () => {
    assert.match(kind("RandomShuffle").validate?.({ inputs: [], seed: "1" })[0]?.text ?? "", /seed/);
  });

  it("shuffle all before any comes again", () => {
    const drawn = shuffledTo(["a", "b", "c"], 7, systemDice);
    assert.deepEqual(drawn.slice(0, 3).sort(), ["a", "b", "c"]);
    assert.deepEqual(drawn.slice(3, 6).sort(), ["a", "b", "c"]);
    assert.equal(drawn.length, 7);
    assert.deepEqual(shuffledTo([], 3, systemDice), []);
  });

  it("name pets in as many words as asked for", () => {
    for (const length of [1, 2, 3, 5]) assert.equal(petName(length, systemDice).length, length);
  });

  it("begin a UUID of version 7 with the time", () => {
    const uuid = timedUuid(0x0192_0000_0001, Buffer.alloc(10, 0xff));
    assert.equal(uuid, "01920000-0001-7fff-bfff-ffffffffffff");
  });
});

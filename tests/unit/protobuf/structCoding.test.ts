import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { decodeStruct, encodeStruct, type PlainObject } from "../../../infra/protobuf/structCoding";

/** Names, without the one that the library loses. */
const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "__proto__");

const { content } = fc.letrec<{ content: PlainObject; value: unknown }>((tie) => ({
  content: fc.dictionary(name, tie("value"), {
    maxKeys: 5,
    noNullPrototype: true,
  }) as fc.Arbitrary<PlainObject>,
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 5 }),
    tie("content"),
  ),
}));

/** What the library's type demands; it takes any plain object. */
function byLibrary(plain: PlainObject): Struct {
  return Struct.fromJavaScript(plain);
}

describe("coding of a Struct", () => {
  it("writes what the library reads as the same", () => {
    fc.assert(
      fc.property(content, (plain) => {
        assert.deepEqual(Struct.deserializeBinary(encodeStruct(plain)).toJavaScript(), plain);
      }),
    );
  });

  it("reads what the library has written as the same", () => {
    fc.assert(
      fc.property(content, (plain) => {
        assert.deepEqual(decodeStruct(byLibrary(plain).serializeBinary()), plain);
      }),
    );
  });

  for (const size of [127, 128, 16_383, 16_384, 100_000, 2_097_151, 2_097_152])
    it(`writes and reads a text of ${String(size)} characters`, () => {
      const plain = { text: "x".repeat(size), after: [size] };
      assert.deepEqual(decodeStruct(encodeStruct(plain)), plain);
      assert.deepEqual(Struct.deserializeBinary(encodeStruct(plain)).toJavaScript(), plain);
    });

  it("reads names in order, in whichever they were written", () => {
    const there = Object.keys(decodeStruct(encodeStruct({ b: 1, a: 2, c: 3 })));
    assert.deepEqual(there, ["a", "b", "c"]);
  });

  it("keeps a value that is called as an object's prototype is", () => {
    const plain = JSON.parse('{ "__proto__": [1] }') as PlainObject;
    assert.deepEqual(decodeStruct(encodeStruct(plain)), plain);
  });

  it("refuses what no Struct can hold in the library's words", () => {
    const wrong = { a: [undefined] } as unknown as PlainObject;
    assert.throws(() => encodeStruct(wrong), new Error("Unexpected struct type."));
    assert.throws(() => byLibrary(wrong), new Error("Unexpected struct type."));
  });

  it("writes anew after a refusal", () => {
    assert.throws(() => encodeStruct({ a: "left over", b: undefined } as unknown as PlainObject));
    assert.deepEqual(decodeStruct(encodeStruct({ c: 1 })), { c: 1 });
  });

  it("refuses bytes that end too early", () => {
    const bytes = encodeStruct({ a: true });
    assert.throws(
      () => decodeStruct(bytes.subarray(0, bytes.length - 1)),
      new Error("a Struct's bytes end in the middle of it"),
    );
  });
});

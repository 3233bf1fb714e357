import assert from "node:assert/strict";
import fc from "fast-check";
import { readStruct, writeStruct } from "../../../local/plugins/server/messages";
import type { PropertyMap, PropertyValue } from "../../../local/plugins/server/values";
import {
  equal,
  fromWire,
  hasSecret,
  hasUnknown,
  revealed,
  Secret,
  toWire,
  unknown,
} from "../../../local/plugins/server/values";

const signature = "4dabf18193072939515e22adb298388d";

describe("property values of the plugin protocol", () => {
  it("keep secrets and unknowns over the wire", () => {
    const map: PropertyMap = { a: new Secret({ b: [1, unknown] }), c: null, d: "text", e: { f: true } };
    assert.deepEqual(readStruct(writeStruct(map)), map);
  });

  it("round-trip whatever they hold", () => {
    const leaf = fc.oneof(
      fc.constant<PropertyValue>(null),
      fc.boolean(),
      fc.integer(),
      fc.string(),
      fc.constant<PropertyValue>(unknown),
    );
    const { value } = fc.letrec<{ value: PropertyValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("value"), { maxKeys: 3 }),
        tie("value").map((inner) => (inner instanceof Secret ? inner : new Secret(inner))),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        assert.ok(equal(fromWire(toWire(given)), given));
      }),
    );
  });

  it("take an output value for its content, and one without content for unknown", () => {
    const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
    assert.deepEqual(fromWire({ [signature]: outputSignature, value: 1, secret: true }), new Secret(1));
    assert.equal(fromWire({ [signature]: outputSignature }), unknown);
  });

  it("leave assets as they are", () => {
    const asset = { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "x" };
    assert.deepEqual(toWire(fromWire(asset)), asset);
  });

  it("find and take off wrappers at any depth", () => {
    const value = { a: [{ b: new Secret(new Secret("x").value) }], c: unknown };
    assert.ok(hasSecret(value));
    assert.ok(hasUnknown(value));
    assert.deepEqual(revealed({ a: value.a }), { a: [{ b: "x" }] });
    assert.ok(!hasUnknown({ a: 1 }));
  });
});

import assert from "node:assert/strict";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

import { keepStructsAsBytes } from "../../../infra/protobuf/plainStructs";

const content = { name: "a", list: [1, { deep: null }], empty: {}, is: true };

/** A message with a Struct between other fields, as it comes from the wire. */
function received(): RegisterResourceRequest {
  const sent = new RegisterResourceRequest()
    .setType("a:b:C")
    .setObject(Struct.fromJavaScript(content))
    .setName("one");
  return RegisterResourceRequest.deserializeBinary(sent.serializeBinary());
}

describe("Structs that are kept as bytes", () => {
  // Other tests have the library as it is.
  const library = Object.getOwnPropertyDescriptors(Struct);
  const members = Object.getOwnPropertyDescriptors(Struct.prototype);
  before(keepStructsAsBytes);
  after(() => {
    Object.defineProperties(Struct, library);
    Object.defineProperties(Struct.prototype, members);
  });

  it("come through a message with what stands beside them", () => {
    const message = received();
    assert.deepEqual(message.getObject()?.toJavaScript(), content);
    assert.deepEqual([message.getType(), message.getName()], ["a:b:C", "one"]);
  });

  it("give their fields one by one", () => {
    const fields = received().getObject()?.getFieldsMap();
    assert.ok(fields);
    assert.deepEqual(fields.get("list")?.toJavaScript(), [1, { deep: null }]);
    assert.equal(fields.getLength(), 4);
  });

  it("are written with what somebody changed of their fields", () => {
    const message = received();
    message.getObject()?.getFieldsMap().set("name", Value.fromJavaScript("b"));
    const again = RegisterResourceRequest.deserializeBinary(message.serializeBinary());
    assert.deepEqual(again.getObject()?.toJavaScript(), { ...content, name: "b" });
  });

  it("are empty once their fields are cleared", () => {
    const struct = Struct.fromJavaScript(content);
    struct.clearFieldsMap();
    assert.deepEqual(struct.toJavaScript(), {});
    assert.equal(struct.serializeBinary().length, 0);
  });

  it("can be shown as the library shows them", () => {
    const shown = Struct.fromJavaScript({ a: 1 }).toObject();
    assert.equal(shown.fieldsMap[0]?.[1].numberValue, 1);
  });

  it("keep what they were made from, whatever becomes of it", () => {
    const source = { a: [1] };
    const struct = Struct.fromJavaScript(source);
    source.a.push(2);
    assert.deepEqual(struct.toJavaScript(), { a: [1] });
  });
});

import assert from "node:assert/strict";
import {
  checkpointOf,
  importedInputs,
  markSecrets,
  outputsOf,
  pruned,
} from "../../../local/plugins/kubernetes/checkpoint";
import {
  fieldManagerOf,
  forces,
  isUnmigrated,
  migratedFields,
} from "../../../local/plugins/kubernetes/fieldManagers";
import { hasSecret, Secret, asText } from "../../../local/plugins/server/values";

describe("the kubernetes plugin's state", () => {
  const live = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", uid: "1" },
    data: { pw: "eA==", more: "eQ==" },
  };

  it("keeps all of a Secret's content secret, whatever the inputs say", () => {
    const outputs = outputsOf({ live, inputs: { metadata: {} }, initialApiVersion: "v1", fieldManager: "m" });
    assert.deepEqual(outputs["data"], new Secret(live.data));
    assert.equal(outputs["__fieldManager"], "m");
  });

  it("gives back what it keeps", () => {
    const inputs = { kind: "Secret", data: new Secret({ pw: "eA==" }) };
    const found = checkpointOf(outputsOf({ live, inputs, initialApiVersion: "v1", fieldManager: "m" }));
    assert.deepEqual(found.inputs, { kind: "Secret", data: { pw: "eA==" } });
    assert.deepEqual(found.live, live);
    assert.deepEqual([found.initialApiVersion, found.fieldManager], ["v1", "m"]);
  });

  it("marks as secret what was secret in the inputs, and everything where the shape differs", () => {
    const pattern = { spec: { list: [{ token: new Secret("t") }], plain: 1 } };
    const marked = markSecrets({ spec: { list: [{ token: "t", name: "n" }], plain: 1 } }, pattern);
    assert.deepEqual(marked, { spec: { list: [{ token: new Secret("t"), name: "n" }], plain: 1 } });
    assert.ok(hasSecret(markSecrets({ spec: "flat" }, pattern)));
  });

  it("takes from a live object what the inputs speak of", () => {
    const object = {
      metadata: { name: "a", uid: "1", labels: { x: "changed", theirs: "1" } },
      spec: { list: [{ a: 1, b: 2 }, { injected: true }], words: ["x", "y"] },
    };
    const inputs = {
      metadata: { name: "a", labels: { x: "1", gone: "1" } },
      spec: { list: [{ a: 0 }], words: ["x"] },
    };
    assert.deepEqual(pruned(object, inputs), {
      metadata: { name: "a", labels: { x: "changed" } },
      spec: { list: [{ a: 1 }], words: ["x", "y"] },
    });
  });

  it("imports an object without what the server adds", () => {
    const metadata = { name: "a", namespace: "n", uid: "1", resourceVersion: "2", managedFields: [] };
    const object = { apiVersion: "v1", kind: "X", metadata, spec: { a: 1 }, status: { b: 2 } };
    const expected = { apiVersion: "v1", kind: "X", metadata: { name: "a", namespace: "n" }, spec: { a: 1 } };
    assert.deepEqual(importedInputs(object), expected);
  });
});

describe("the kubernetes plugin's field managers", () => {
  const entry = (manager: string, operation: string, fieldsV1: object, subresource?: string) => ({
    manager,
    operation,
    fieldsV1: fieldsV1 as Record<string, never>,
    ...(subresource === undefined ? {} : { subresource }),
  });
  const objectWith = (...managedFields: ReturnType<typeof entry>[]) => ({
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "a", managedFields },
  });

  it("give every plain update's fields to the apply manager, and leave subresources and other appliers alone", () => {
    const live = objectWith(
      entry("pulumi-kubernetes", "Update", { "f:data": { "f:a": {} } }),
      entry("kubectl-label", "Update", { "f:metadata": { "f:labels": { "f:x": {} } } }),
      entry("controller", "Update", { "f:status": {} }, "status"),
      entry("other", "Apply", { "f:data": { "f:b": {} } }),
    );
    assert.ok(isUnmigrated(live));
    const fields = migratedFields(live, "terp") ?? [];
    assert.deepEqual(
      fields.map((field) => `${asText(field["manager"])} ${asText(field["operation"])}`),
      ["controller Update", "other Apply", "terp Apply"],
    );
    assert.deepEqual(fields[2]?.["fieldsV1"], {
      "f:data": { "f:a": {} },
      "f:metadata": { "f:labels": { "f:x": {} } },
    });
  });

  it("have nothing to move where nobody wrote plainly", () => {
    assert.equal(migratedFields(objectWith(entry("terp", "Apply", {})), "terp"), undefined);
  });

  it("are what the annotation says, then what the state remembers", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/patchFieldManager": "terp" } } };
    assert.equal(fieldManagerOf(annotated, "old"), "terp");
    assert.equal(fieldManagerOf({}, "old"), "old");
    assert.match(fieldManagerOf({}), /^pulumi-kubernetes-[0-9a-f]{8}$/);
  });

  it("win by force where the annotation or the provider says so", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/patchForce": "true" } } };
    assert.deepEqual([forces(annotated, false), forces({}, true), forces({}, false)], [true, true, false]);
  });
});

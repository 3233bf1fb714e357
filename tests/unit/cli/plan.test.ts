import assert from "node:assert/strict";
import type { PlannedStep } from "../../../cli/engine/events";
import { explainCollisions, findCollisions, objectIdentity } from "../../../cli/engine/plan";

function step(operation: string, parents: string, type: string): PlannedStep {
  return {
    operation,
    urn: `urn:pulumi:local::terp::${parents}${type}::blue/app`,
    type,
    inputs: { metadata: { name: "app", namespace: "blue" } },
  };
}

describe("a plan", () => {
  it("that creates an object under a new parent and deletes it under the old one is refused", () => {
    const collisions = findCollisions([
      step("create", "terp:new:Parent$", "kubernetes:apps/v1:Deployment"),
      step("delete", "terp:old:Parent$", "kubernetes:apps/v1:Deployment"),
    ]);
    assert.equal(collisions.length, 1);
    const text = explainCollisions(collisions);
    assert.match(text, /Deployment blue\/app/);
    assert.match(text, /created as .*terp:new:Parent/);
    assert.match(text, /aliases/);
  });

  it("that moves an object to another version of its group is refused too: the object is the same", () => {
    const collisions = findCollisions([
      step("create", "", "kubernetes:apps/v1:Deployment"),
      step("delete", "", "kubernetes:apps/v1beta1:Deployment"),
    ]);
    assert.equal(collisions.length, 1);
  });

  it("that replaces an object in place is fine", () => {
    const type = "kubernetes:apps/v1:Deployment";
    const steps = ["create-replacement", "replace", "delete-replaced"].map((each) => step(each, "", type));
    assert.deepEqual(findCollisions(steps), []);
  });

  it("that creates one object and deletes another of the same name but of another kind is fine", () => {
    const steps = [
      step("create", "", "kubernetes:core/v1:Service"),
      step("delete", "", "kubernetes:apps/v1:Deployment"),
    ];
    assert.deepEqual(findCollisions(steps), []);
  });
});

describe("an object's identity", () => {
  it("has group, kind, namespace and name", () => {
    const inputs = { metadata: { name: "app", namespace: "blue" } };
    assert.equal(objectIdentity("kubernetes:core/v1:Service", inputs), "core/Service/blue/app");
  });

  it("isn't known of resources outside the cluster, nor of names that the engine makes up", () => {
    assert.equal(objectIdentity("random:index/randomPassword:RandomPassword", {}), undefined);
    assert.equal(objectIdentity("kubernetes:core/v1:Service", { metadata: {} }), undefined);
  });
});

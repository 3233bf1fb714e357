import { strict as assert } from "node:assert";
import fc from "fast-check";

import {
  logicalName,
  metadata,
  ownershipLabels,
  restrictedPods,
  withoutAwait,
  type Ownership,
} from "../../../components/metadata";

const platform: Ownership = { environment: "dev", role: "platform" };
const tenant: Ownership = { environment: "dev", role: "tenant", tenant: "team-blue" };

describe("an owner's labels", () => {
  it("name the environment and what the object is for", () => {
    assert.deepEqual(ownershipLabels(platform), {
      "app.kubernetes.io/managed-by": "terp",
      "terp.dev/environment": "dev",
      "terp.dev/role": "platform",
    });
  });

  it("name the tenant, where there is one", () => {
    assert.deepEqual(ownershipLabels(tenant), {
      "app.kubernetes.io/managed-by": "terp",
      "terp.dev/environment": "dev",
      "terp.dev/role": "tenant",
      "terp.dev/tenant": "team-blue",
    });
  });
});

describe("an object's metadata", () => {
  it("is its name, its owner's labels and the field manager that a lost state can't forget", () => {
    assert.deepEqual(metadata(platform, { name: "one" }), {
      name: "one",
      labels: ownershipLabels(platform),
      annotations: { "pulumi.com/patchFieldManager": "terp" },
    });
  });

  it("has the namespace of an object that is in one, and no such field else", () => {
    assert.equal(metadata(tenant, { name: "one", namespace: "team-blue-app" }).namespace, "team-blue-app");
    assert.ok(!("namespace" in metadata(tenant, { name: "one" })));
  });

  it("keeps the object's own labels and annotations", () => {
    const own = metadata(platform, { name: "one", labels: { app: "web" }, annotations: { note: "x" } });
    assert.equal(own.labels["app"], "web");
    assert.equal(own.annotations["note"], "x");
  });

  it("is never somebody else's, whatever labels and annotations the object brings", () => {
    const claim = metadata(tenant, {
      name: "one",
      labels: { "terp.dev/tenant": "team-red", "terp.dev/environment": "prd", "terp.dev/role": "platform" },
      annotations: { "pulumi.com/patchFieldManager": "other" },
    });
    assert.deepEqual(claim.labels, ownershipLabels(tenant));
    assert.deepEqual(claim.annotations, { "pulumi.com/patchFieldManager": "terp" });
  });

  it("of what isn't waited for says so, and is the same else", () => {
    const own = metadata(platform, { name: "one" });
    assert.deepEqual(withoutAwait(own), {
      ...own,
      annotations: { "pulumi.com/patchFieldManager": "terp", "pulumi.com/skipAwait": "true" },
    });
  });
});

describe("a logical name", () => {
  it("is made of the object's kind, namespace and name", () => {
    assert.equal(
      logicalName("Secret", "deploy-key", "terp-tenant-team-blue"),
      "Secret/terp-tenant-team-blue/deploy-key",
    );
    assert.equal(logicalName("ClusterRole", "terp-tenant"), "ClusterRole/terp-tenant");
  });

  it("is another one for another object", () => {
    const name = fc.stringMatching(/^[a-z]([a-z.-]{0,3}[a-z])?$/);
    const object = fc.tuple(fc.constantFrom("Secret", "Role"), name, fc.option(name, { nil: undefined }));
    fc.assert(
      fc.property(object, object, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(logicalName(...one) === logicalName(...other), isSame);
      }),
    );
  });
});

describe("the labels of a namespace with restricted pods", () => {
  it("hold the profile of one version, for what is enforced, noted and warned of", () => {
    assert.deepEqual(restrictedPods("v1.34"), {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "v1.34",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "v1.34",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "v1.34",
    });
  });
});

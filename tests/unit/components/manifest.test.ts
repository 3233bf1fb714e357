import { strict as assert } from "node:assert";

import { resourceOf, type Manifest } from "../../../components/manifest";
import { recorder } from "../../support/recorder";

function manifestOf(apiVersion: string, kind: string): Manifest {
  // What the SDK insists on, of one kind or another.
  return {
    apiVersion,
    kind,
    metadata: { name: "one", labels: { app: "web" } },
    spec: { kept: true },
    roleRef: {},
  };
}

describe("the resource of a manifest", () => {
  for (const [apiVersion, kind, type] of [
    ["v1", "Namespace", "kubernetes:core/v1:Namespace"],
    ["v1", "Service", "kubernetes:core/v1:Service"],
    ["v1", "ServiceAccount", "kubernetes:core/v1:ServiceAccount"],
    ["v1", "ConfigMap", "kubernetes:core/v1:ConfigMap"],
    ["v1", "Secret", "kubernetes:core/v1:Secret"],
    ["v1", "ResourceQuota", "kubernetes:core/v1:ResourceQuota"],
    ["apps/v1", "Deployment", "kubernetes:apps/v1:Deployment"],
    ["rbac.authorization.k8s.io/v1", "Role", "kubernetes:rbac.authorization.k8s.io/v1:Role"],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"],
    [
      "rbac.authorization.k8s.io/v1",
      "ClusterRoleBinding",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    ],
    ["networking.k8s.io/v1", "NetworkPolicy", "kubernetes:networking.k8s.io/v1:NetworkPolicy"],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    ],
    ["example.org/v1", "Thing", "kubernetes:example.org/v1:Thing"],
    ["apps/v1beta1", "Deployment", "kubernetes:apps/v1beta1:Deployment"],
  ] as const) {
    it(`${apiVersion} ${kind} is a ${type}`, async () => {
      const record = recorder();
      resourceOf("logical", manifestOf(apiVersion, kind), {});
      await record.settled();
      assert.equal(record.byName("logical").type, type);
    });
  }

  for (const [apiVersion, kind] of [
    ["v1", "Namespace"],
    ["example.org/v1", "Thing"],
  ] as const) {
    it(`has all of the manifest: ${kind}`, async () => {
      const record = recorder();
      resourceOf("logical", manifestOf(apiVersion, kind), {});
      await record.settled();
      const { metadata, apiVersion: version, kind: found } = record.byName("logical").inputs;
      assert.deepEqual(
        [version, found, metadata],
        [apiVersion, kind, { name: "one", labels: { app: "web" } }],
      );
    });
  }

  it("has the options that it is given", async () => {
    const record = recorder();
    const before = resourceOf("before", manifestOf("v1", "Namespace"), {});
    resourceOf("thing", manifestOf("example.org/v1", "Thing"), { dependsOn: [before], protect: true });
    await record.settled();
    const { dependsOn, protect } = record.byName("thing");
    assert.deepEqual([dependsOn, protect], [["before"], true]);
  });

  it("isn't made of a kind of the core group that isn't known here", async () => {
    const record = recorder();
    assert.throws(() => resourceOf("logical", manifestOf("v1", "Pod"), {}), {
      message: "manifest of one: kind v1/Pod isn't among those this program applies",
    });
    await record.settled();
    assert.deepEqual(record.resources, []);
  });
});

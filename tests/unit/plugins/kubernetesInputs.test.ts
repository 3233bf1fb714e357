import assert from "node:assert/strict";
import { generatedName, isAutonamed, withName } from "../../../local/plugins/kubernetes/autonaming";
import { deprecationOf, removalOf } from "../../../local/plugins/kubernetes/deprecations";
import { isPatchType, kindOfType, objectOf } from "../../../local/plugins/kubernetes/identity";
import { normalised } from "../../../local/plugins/kubernetes/normalise";
import { settingsOf } from "../../../local/plugins/kubernetes/settings";
import { Secret, unknown } from "../../../local/plugins/server/values";

const request = {
  name: "auto",
  olds: {},
  randomSeed: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 1),
  autonaming: undefined,
};

describe("the kubernetes plugin's check", () => {
  it("generates the same name from the same seed, and says so in an annotation", () => {
    const inputs = withName({ metadata: { namespace: "n" } }, request);
    assert.deepEqual(inputs["metadata"], {
      name: "auto-deadbeef",
      namespace: "n",
      annotations: { "pulumi.com/autonamed": "true" },
    });
    assert.ok(isAutonamed(inputs));
    assert.match(generatedName("x", new Uint8Array()), /^x-[0-9a-f]{8}$/);
  });

  it("keeps the name that was generated before", () => {
    const olds = withName({}, request);
    const next = withName({}, { ...request, randomSeed: Uint8Array.of(1, 2, 3, 4), olds });
    assert.deepEqual(next, olds);
  });

  it("leaves the name out when the program takes a given one away", () => {
    const olds = { metadata: { name: "given" } };
    assert.deepEqual(withName({ metadata: {} }, { ...request, olds }), { metadata: {} });
  });

  it("refuses a missing name where the project disables generated ones", () => {
    const autonaming = { mode: "disable", proposedName: "" } as const;
    assert.throws(() => withName({}, { ...request, autonaming }), /automatic naming is disabled/);
  });

  it("encodes a Secret's stringData over its data, unknown parts staying unknown", () => {
    const inputs = {
      apiVersion: "v1",
      kind: "Secret",
      data: new Secret({ a: "old", b: "kept" }),
      stringData: new Secret({ a: "hello", c: unknown }),
    };
    assert.deepEqual(normalised(inputs), {
      apiVersion: "v1",
      kind: "Secret",
      data: new Secret({ a: "aGVsbG8=", b: "kept", c: unknown }),
    });
  });

  it("finds the kind in a type token, and what is a patch", () => {
    assert.deepEqual(kindOfType("kubernetes:core/v1:Secret"), { apiVersion: "v1", kind: "Secret" });
    assert.deepEqual(kindOfType("kubernetes:apps/v1:Deployment"), {
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
    assert.ok(isPatchType("kubernetes:core/v1:ConfigMapPatch", "ConfigMap"));
    assert.ok(!isPatchType("kubernetes:core/v1:ConfigMap", "ConfigMap"));
    const object = objectOf("kubernetes:core/v1:ConfigMapPatch", "ns/a", {});
    assert.deepEqual(object, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "ns" },
    });
  });

  it("warns of kinds that are out of use", () => {
    assert.match(removalOf("extensions/v1beta1", "Ingress") ?? "", /removed in Kubernetes 1\.22/);
    assert.equal(
      deprecationOf("v1", "Endpoints", false),
      "v1/Endpoints is deprecated by discovery.k8s.io/v1/EndpointSlice.",
    );
    assert.equal(deprecationOf("v1", "Endpoints", true), undefined);
    assert.equal(deprecationOf("v1", "ConfigMap", false), undefined);
  });

  it("reads settings from the provider's inputs, then from the environment", () => {
    const args = { kubeconfig: new Secret("text"), upsertExistingObjects: "true", namespace: "" };
    const settings = settingsOf({ args, variables: {} }, { PULUMI_K8S_ENABLE_PATCH_FORCE: "1" });
    assert.equal(settings.kubeconfig, "text");
    assert.equal(settings.namespace, undefined);
    assert.deepEqual(
      [settings.upsert, settings.patchForce, settings.serverSideApply, settings.secretMutable],
      [true, true, true, false],
    );
  });
});

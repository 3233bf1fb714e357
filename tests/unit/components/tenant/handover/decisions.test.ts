import { strict as assert } from "node:assert";

import {
  applicationFault,
  isApplied,
  isReady,
  releasedFrom,
  staysWithFlux,
  type KustomizationObject,
} from "../../../../../components/tenant/handover/decisions";

function kustomization(ids: readonly string[], observed = 2): KustomizationObject {
  return {
    metadata: { generation: 2 },
    spec: { path: "./environments/dev" },
    status: {
      observedGeneration: observed,
      conditions: [{ type: "Ready", status: "True" }],
      inventory: { entries: ids.map((id) => ({ id })) },
    },
  };
}

describe("a tenant that is handed over", () => {
  it("is Flux's while its Kustomization has applied more than Secrets", () => {
    assert.equal(
      staysWithFlux(kustomization(["blue_greeting__Secret", "blue_podinfo_apps_Deployment"])),
      false,
    );
    assert.equal(staysWithFlux(kustomization(["blue_greeting__Secret"])), true);
    assert.equal(staysWithFlux({ metadata: { generation: 1 }, spec: { path: "" } }), true);
  });

  it("isn't taken for settled by what Flux said of an earlier wish", () => {
    assert.equal(isReady(kustomization([])), true);
    assert.equal(isReady(kustomization([], 1)), false);
  });

  it("is Argo CD's once all is applied and nothing differs", () => {
    const applied = { sync: { status: "Synced" }, operationState: { phase: "Succeeded" } };
    assert.equal(isApplied({ status: applied }), true);
    assert.equal(isApplied({ status: { ...applied, operationState: { phase: "Running" } } }), false);
    assert.equal(isApplied({ status: { ...applied, sync: { status: "OutOfSync" } } }), false);
    assert.equal(isApplied({}), false);
    assert.equal(isApplied({ operation: {}, status: applied }), false);
  });

  it("has the reason why it isn't, and no warning for it", () => {
    const conditions = [
      { type: "ExcludedResourceWarning", message: "a Secret is left out" },
      { type: "ComparisonError", message: "no such path" },
    ];
    assert.equal(applicationFault({ status: { conditions } }), "no such path");
    assert.equal(applicationFault({ status: { conditions: [] } }), "it says nothing");
    assert.equal(applicationFault(undefined), "it says nothing");
  });
});

describe("an object whose manager lets go", () => {
  const fields = [{ manager: "kustomize-controller" }, { manager: "argocd-controller" }];

  it("keeps what others hold, and loses Flux's marks", () => {
    const labels = { app: "podinfo", "kustomize.toolkit.fluxcd.io/name": "apps" };
    assert.deepEqual(
      releasedFrom(
        { metadata: { resourceVersion: "7", labels, managedFields: fields } },
        "kustomize-controller",
      ),
      {
        metadata: {
          resourceVersion: "7",
          managedFields: [{ manager: "argocd-controller" }],
          labels: { "kustomize.toolkit.fluxcd.io/name": null },
        },
      },
    );
  });

  it("is left alone where that manager holds nothing", () => {
    assert.equal(
      releasedFrom({ metadata: { resourceVersion: "7", managedFields: fields } }, "terp"),
      undefined,
    );
  });
});

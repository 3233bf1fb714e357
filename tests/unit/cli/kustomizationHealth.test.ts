import assert from "node:assert/strict";
import { kustomizationHealth, readyHealth } from "../../../cli/cluster/health";
import type { KubeObject } from "../../../infra/cluster/kubeApi";

const condition = (status: string, reason: string) => ({ type: "Ready", status, reason, message: "" });

const kustomization = (status: Record<string, unknown>): KubeObject => ({
  metadata: { name: "team-blue", namespace: "terp-tenant-team-blue", generation: 1, labels: {} },
  spec: {},
  status: { observedGeneration: 1, ...status },
});

describe("how a source of Flux's is that was never fetched", () => {
  const failed = { ...condition("False", "GitOperationFailed"), message: "unable to authenticate" };

  it("is why it can't be: its condition tells of the present generation, though Flux counts only what succeeded", () => {
    const conditions = [{ ...failed, observedGeneration: 1 }];
    assert.deepEqual(readyHealth(kustomization({ observedGeneration: -1, conditions })), {
      ready: false,
      reason: "GitOperationFailed: unable to authenticate",
    });
  });

  it("isn't what was so of an earlier generation", () => {
    const conditions = [{ ...failed, observedGeneration: 0 }];
    assert.deepEqual(readyHealth(kustomization({ observedGeneration: 0, conditions })), {
      ready: false,
      reason: "its newest version is not looked at yet",
    });
  });
});

describe("how a tenant's Kustomization is, while Flux applies it again", () => {
  const again = {
    conditions: [condition("Unknown", "Progressing")],
    lastAppliedRevision: "main@sha1:1",
    lastAttemptedRevision: "main@sha1:1",
    history: [{ lastReconciledStatus: "ReconciliationSucceeded" }],
  };

  it("is as ready as its last application left it", () => {
    assert.equal(kustomizationHealth(kustomization(again)).ready, true);
  });

  it("isn't ready when the last application failed", () => {
    const history = [{ lastReconciledStatus: "HealthCheckFailed" }];
    assert.equal(kustomizationHealth(kustomization({ ...again, history })).ready, false);
  });

  it("isn't ready when another revision is being applied", () => {
    const status = { ...again, lastAttemptedRevision: "main@sha1:2" };
    assert.equal(kustomizationHealth(kustomization(status)).ready, false);
  });

  it("isn't ready before it was ever applied", () => {
    const status = { conditions: again.conditions };
    assert.equal(kustomizationHealth(kustomization(status)).ready, false);
  });

  it("isn't ready when its newest version is not looked at yet", () => {
    const object = kustomization(again);
    const newer = { ...object, metadata: { ...object.metadata, generation: 2 } };
    assert.equal(kustomizationHealth(newer).ready, false);
  });

  it("isn't ready when it failed", () => {
    const status = { ...again, conditions: [condition("False", "BuildFailed")] };
    assert.equal(kustomizationHealth(kustomization(status)).ready, false);
  });
});

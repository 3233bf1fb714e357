import assert from "node:assert/strict";
import { endingHealth } from "../../../cli/cluster/health";
import type { KubeObject } from "../../../infra/cluster/kubeApi";

const condition = (type: string, status: string, message: string) => ({ type, status, reason: "", message });

const namespace = (metadata: object, conditions: readonly object[] = []): KubeObject =>
  ({ metadata: { name: "team-green-app", ...metadata }, spec: {}, status: { conditions } }) as never;

describe("a namespace that is being deleted", () => {
  const deletionTimestamp = "2026-11-01T10:00:00Z";

  it("says which finalizers and which content hold it up", () => {
    const conditions = [
      condition("NamespaceDeletionDiscoveryFailure", "False", "All resources successfully discovered"),
      condition(
        "NamespaceContentRemaining",
        "True",
        "Some resources are remaining: configmaps. has 1 resource instances",
      ),
      condition(
        "NamespaceFinalizersRemaining",
        "True",
        "Some content has finalizers remaining: terp.test/held in 1 resource instances",
      ),
    ];
    assert.deepEqual(endingHealth(namespace({ deletionTimestamp }, conditions)), {
      ready: false,
      reason:
        "is being deleted; Some resources are remaining: configmaps. has 1 resource instances; " +
        "Some content has finalizers remaining: terp.test/held in 1 resource instances",
    });
  });

  it("says that it is, where nothing is known yet", () => {
    assert.deepEqual(endingHealth(namespace({ deletionTimestamp })), {
      ready: false,
      reason: "is being deleted",
    });
  });

  it("isn't one that stays", () => {
    assert.equal(endingHealth(namespace({})), undefined);
  });
});

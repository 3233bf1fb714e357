import { strict as assert } from "node:assert";

import { tenantNetworkPolicy } from "../../../../components/tenant/networkPolicy";

const toDns = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
    { port: 1053, protocol: "UDP" },
    { port: 1053, protocol: "TCP" },
  ],
};
const own = { namespaceSelector: { matchLabels: { "terp.dev/tenant": "team-blue" } } };

describe("the network policy of a tenant's namespace", () => {
  const policy = tenantNetworkPolicy("team-blue");

  it("is for every pod, in both directions", () => {
    assert.deepEqual(policy.podSelector, {});
    assert.deepEqual(policy.policyTypes, ["Ingress", "Egress"]);
  });

  it("lets in none but the tenant's own namespaces", () => {
    assert.deepEqual(policy.ingress, [{ from: [own] }]);
  });

  it("lets out to none but the cluster's DNS and the tenant's own namespaces", () => {
    assert.deepEqual(policy.egress, [toDns, { to: [own] }]);
  });
});

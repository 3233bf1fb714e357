import { strict as assert } from "node:assert";

import { reachLabel, reachLabels, tenantNetworkPolicy } from "../../../../components/tenant/networkPolicy";
import { toClusterDns } from "../../../../components/networkPolicy";

const labelled = (label: string, value: string): object => ({
  namespaceSelector: { matchLabels: { [label]: value } },
});
const own = labelled("terp.dev/tenant", "team-blue");
const reaching = labelled("reaches.terp.dev/team-blue", "true");
const gateway = labelled("terp.dev/role", "gateway");
const collector = labelled("terp.dev/role", "collector");

describe("the network policy of a tenant's namespace", () => {
  const policy = tenantNetworkPolicy("team-blue");

  it("is for every pod, in both directions", () => {
    assert.deepEqual(policy.podSelector, {});
    assert.deepEqual(policy.policyTypes, ["Ingress", "Egress"]);
  });

  it("lets in the tenant's own namespaces, who reaches it, the gateway and the collectors, and nobody else", () => {
    assert.deepEqual(policy.ingress, [{ from: [own, reaching, gateway, collector] }]);
  });

  it("lets out to the cluster's DNS, the tenant's own namespaces and the collectors, and to nobody else", () => {
    assert.deepEqual(policy.egress, [toClusterDns, { to: [own, collector] }]);
  });

  it("chooses its peers by labels of namespaces alone: a tenant may label its pods as it likes", () => {
    const [, out] = policy.egress as { to: object[] }[];
    const [into] = policy.ingress as { from: object[] }[];
    const peers = [...(out?.to ?? []), ...(into?.from ?? [])];
    assert.deepEqual(
      peers.map((peer) => Object.keys(peer)),
      peers.map(() => ["namespaceSelector"]),
    );
  });

  it("names peers in every rule: one without any admits all", () => {
    const into = (policy.ingress as { from?: unknown[] }[]).map(({ from }) => from);
    const out = (policy.egress as { to?: unknown[] }[]).map(({ to }) => to);
    const open = [...into, ...out].filter((peers) => peers === undefined || peers.length === 0);
    assert.deepEqual(open, []);
  });
});

describe("a tenant that reaches others", () => {
  it("is let out to each of them", () => {
    const reach = { tenants: ["team-red", "data"], ranges: [], isSuspended: false };
    const { egress } = tenantNetworkPolicy("team-blue", reach);
    assert.deepEqual(egress, [
      toClusterDns,
      {
        to: [own, collector, labelled("terp.dev/tenant", "team-red"), labelled("terp.dev/tenant", "data")],
      },
    ]);
  });

  it("is let in by each of them, by a label of its namespaces that theirs ask for", () => {
    assert.deepEqual(reachLabels(["team-red", "data"]), {
      "reaches.terp.dev/team-red": "true",
      "reaches.terp.dev/data": "true",
    });
    const [rule] = tenantNetworkPolicy("team-red").ingress as { from: object[] }[];
    assert.deepEqual(rule?.from[1], labelled(reachLabel("team-red"), "true"));
  });

  it("lets in nobody more by that", () => {
    const reach = { tenants: ["team-red"], ranges: ["192.0.2.0/24"], isSuspended: false };
    assert.deepEqual(
      tenantNetworkPolicy("team-blue", reach).ingress,
      tenantNetworkPolicy("team-blue").ingress,
    );
  });

  it("has a label that Kubernetes takes, however long the other's name is", () => {
    const [, name = ""] = reachLabel("a".repeat(30)).split("/");
    assert.match(name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });
});

describe("a tenant that reaches ranges outside the cluster", () => {
  it("is let out to those, and let in by none", () => {
    const reach = { tenants: [], ranges: ["192.0.2.0/24", "2001:db8::/32"], isSuspended: false };
    const { egress } = tenantNetworkPolicy("team-blue", reach);
    assert.deepEqual(egress, [
      toClusterDns,
      {
        to: [own, collector, { ipBlock: { cidr: "192.0.2.0/24" } }, { ipBlock: { cidr: "2001:db8::/32" } }],
      },
    ]);
  });
});

describe("a suspended tenant's namespace", () => {
  const reach = { tenants: ["team-red"], ranges: ["192.0.2.0/24"], isSuspended: true };

  it("is closed: nothing comes or goes, not even to the cluster's DNS, whatever it reached", () => {
    assert.deepEqual(tenantNetworkPolicy("team-blue", reach), {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    });
  });
});

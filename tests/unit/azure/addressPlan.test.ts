import { strict as assert } from "node:assert";

import { addressPlan, alignedRange, overlap } from "../../../infra/azure/addressPlan";

const inner = { pods: "10.244.0.0/16", services: "10.96.0.0/16" };

describe("an environment's address plan", () => {
  it("gives nodes the first half, and stores' endpoints the beginning of the second", () => {
    assert.deepEqual(addressPlan({ range: "10.64.0.0/16", ...inner }), {
      network: "10.64.0.0/16",
      nodes: "10.64.0.0/17",
      endpoints: "10.64.128.0/27",
      dnsServer: "10.96.0.10",
      mostNodes: 256,
    });
  });

  it("has room for as many nodes as have an address in the smallest network", () => {
    const { nodes, mostNodes } = addressPlan({ range: "192.168.252.0/22", ...inner, pods: "10.0.0.0/12" });
    assert.deepEqual([nodes, mostNodes], ["192.168.252.0/23", 507]);
  });

  it("has room for as many nodes as have their share of pods' addresses", () => {
    assert.equal(addressPlan({ range: "10.64.0.0/16", ...inner, pods: "10.244.0.0/20" }).mostNodes, 16);
  });

  it("finds where a range of its size begins", () => {
    assert.equal(alignedRange("10.64.1.7/16"), "10.64.0.0/16");
    assert.equal(alignedRange("223.255.255.255/30"), "223.255.255.252/30");
  });

  it("sees ranges that have an address in common, and only those", () => {
    assert.ok(overlap("10.0.0.0/8", "10.200.1.0/24"));
    assert.ok(overlap("10.200.1.0/24", "10.0.0.0/8"));
    assert.ok(!overlap("10.64.0.0/17", "10.64.128.0/27"));
  });
});

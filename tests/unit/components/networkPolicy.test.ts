import { strict as assert } from "node:assert";

import { namespaceNamed, tcp, toClusterDns } from "../../../components/networkPolicy";

describe("parts of network policies", () => {
  it("choose a namespace by the label that the API server itself keeps", () => {
    assert.deepEqual(namespaceNamed("git"), {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "git" } },
    });
  });

  it("name ports of TCP", () => {
    assert.deepEqual(tcp(22, 443), [
      { port: 22, protocol: "TCP" },
      { port: 443, protocol: "TCP" },
    ]);
  });

  it("let through to the cluster's DNS: its pods in kube-system alone", () => {
    assert.deepEqual(toClusterDns.to, [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
        podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
      },
    ]);
  });

  it("let through to the pods' own ports of DNS, by both protocols", () => {
    assert.deepEqual(toClusterDns.ports, [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
      { port: 1053, protocol: "UDP" },
      { port: 1053, protocol: "TCP" },
    ]);
  });
});

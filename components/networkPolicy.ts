/** Parts of network policies that more than one component uses. */
import type { types } from "@pulumi/kubernetes";

/** What a NetworkPolicy's `spec` says. */
export type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
/** Who is at the other end. A rule that names no peer admits all, so a rule here always names its peers or its ports. */
export type Peer = types.input.networking.v1.NetworkPolicyPeer;
export type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
export type PolicyPort = types.input.networking.v1.NetworkPolicyPort;

/** The namespace called `name`, by the label that the API server itself keeps. */
export function namespaceNamed(name: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** TCP ports. */
export function tcp(...ports: readonly number[]): PolicyPort[] {
  return ports.map((port) => ({ port, protocol: "TCP" }));
}

/**
 * DNS at the cluster's own servers. A policy sees the port of the pod, not the Service's: 53, or 1053 where the
 * servers run without the right to low ports.
 */
export const toClusterDns: EgressRule = {
  to: [{ ...namespaceNamed("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [53, 1053].flatMap((port) => [
    { port, protocol: "UDP" as const },
    { port, protocol: "TCP" as const },
  ]),
};

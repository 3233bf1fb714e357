import { logGatewayName, logGatewayPorts, logsNamespace } from "../logs/names";
import { roleLabel } from "../metadata";
import { namespaceNamed, tcp, toClusterDns, type NetworkPolicySpec, type Peer } from "../networkPolicy";
import { grafanaPort } from "./names";

/** Whom a Grafana reaches outside the cluster, by HTTPS: ranges as CIDR. */
export interface GrafanaReach {
  /** Where the identity provider is. */
  readonly identityProvider: readonly string[];
  /** Where its alerts go. */
  readonly channel: readonly string[];
}

const logGateway: Peer = {
  ...namespaceNamed(logsNamespace),
  podSelector: { matchLabels: { app: logGatewayName } },
};

/**
 * Who reaches Grafana: what brings requests from outside. It reaches the logs' gateway, DNS, and by HTTPS the identity provider and
 * its alerts' channel. Who administers it can have it ask anything of any address, with any header: so there are no others.
 */
export function grafanaNetworkPolicy(reach: GrafanaReach): NetworkPolicySpec {
  // A rule without peers would admit all.
  const outside = [...reach.identityProvider, ...reach.channel].map((cidr): Peer => ({ ipBlock: { cidr } }));
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { [roleLabel]: "gateway" } } }],
        ports: tcp(grafanaPort),
      },
    ],
    egress: [
      toClusterDns,
      { to: [logGateway], ports: tcp(logGatewayPorts.pod) },
      ...(outside.length === 0 ? [] : [{ to: outside, ports: tcp(443) }]),
    ],
  };
}

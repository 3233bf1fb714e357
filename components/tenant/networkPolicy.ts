import { roleLabel, tenantLabel } from "../metadata";
import { toClusterDns, type NetworkPolicySpec, type Peer } from "../networkPolicy";

/** Whom a tenant reaches beside itself. */
export interface Reach {
  /** Names of other tenants that it connects to. */
  readonly tenants: readonly string[];
  /** Ranges outside the cluster that it connects to, as CIDR. */
  readonly ranges: readonly string[];
  /** Whether nothing may come or go. */
  readonly isSuspended: boolean;
}

const nobodyElse: Reach = { tenants: [], ranges: [], isSuspended: false };

/** The label of a tenant's namespace by which another tenant's lets it in. */
export function reachLabel(tenant: string): string {
  return `reaches.terp.dev/${tenant}`;
}

/** Labels that let a tenant's namespace in where it reaches to. */
export function reachLabels(tenants: readonly string[]): Record<string, string> {
  return Object.fromEntries(tenants.map((tenant) => [reachLabel(tenant), "true"]));
}

const ofRole = (role: "gateway" | "collector"): Peer => ({
  namespaceSelector: { matchLabels: { [roleLabel]: role } },
});

/**
 * The one policy of the platform's that a tenant's namespace has: nothing in and nothing out, but for the cluster's DNS, the
 * tenant's own namespaces, the gateway, the collectors, tenants that it reaches or that reach it, and listed ranges. One
 * policy rather than eight, because a run's time grows with the number of objects.
 *
 * The peers are chosen by labels of namespaces, which no tenant can write, so that none can put its namespace among another's.
 * The metadata address is in no range: what checks the tenant's claims refuses it.
 */
export function tenantNetworkPolicy(tenant: string, reach: Reach = nobodyElse): NetworkPolicySpec {
  if (reach.isSuspended)
    return { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] };
  const named = (other: string): Peer => ({ namespaceSelector: { matchLabels: { [tenantLabel]: other } } });
  const reaching: Peer = { namespaceSelector: { matchLabels: { [reachLabel(tenant)]: "true" } } };
  const outside = reach.ranges.map((cidr): Peer => ({ ipBlock: { cidr } }));
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [named(tenant), reaching, ofRole("gateway"), ofRole("collector")] }],
    egress: [
      toClusterDns,
      { to: [named(tenant), ofRole("collector"), ...reach.tenants.map(named), ...outside] },
    ],
  };
}

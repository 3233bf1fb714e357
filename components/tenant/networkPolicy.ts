import { tenantLabel } from "../metadata";
import { toClusterDns, type NetworkPolicySpec, type Peer } from "../networkPolicy";

/**
 * The one policy that a tenant's namespace has: nothing in and nothing out, but for the cluster's DNS and the tenant's
 * own namespaces. One policy rather than four, because a run's time grows with the number of objects.
 *
 * The peers are chosen by a label that admission reserves, so that no tenant can put its namespace among another's.
 */
export function tenantNetworkPolicy(tenant: string): NetworkPolicySpec {
  const sameTenant: Peer = { namespaceSelector: { matchLabels: { [tenantLabel]: tenant } } };
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [sameTenant] }],
    egress: [toClusterDns, { to: [sameTenant] }],
  };
}

import type { PolicyRule } from "../policyRule";

/** The ClusterRole that a tenant's reconciler is bound to in the tenant's own namespaces. */
export const tenantRoleName = "terp-tenant";

const write = ["get", "list", "watch", "create", "update", "patch", "delete"];
const read = ["get", "list", "watch"];

/**
 * What a tenant may do in its own namespaces: run applications and configure them.
 *
 * Written out rather than borrowed from the roles `admin` and `edit`, which take in whatever a chart adds to them, may
 * act as any service account of the namespace and mint tokens for it, and may write roles. So nobody with this role can: read or
 * make a service account's token by the API, impersonate, bind or write roles, change quotas, limits or network policies, or
 * enter a running container.
 */
export const tenantRules: PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["configmaps", "secrets", "services", "serviceaccounts", "persistentvolumeclaims"],
    verbs: write,
  },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: write },
  {
    apiGroups: ["apps"],
    resources: ["deployments/scale", "statefulsets/scale"],
    verbs: ["get", "update", "patch"],
  },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: write },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: write },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: write },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: write },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes"], verbs: write },
  // What it takes to see whether an application is well, and what bounds it.
  {
    apiGroups: [""],
    resources: ["pods", "pods/log", "events", "resourcequotas", "limitranges"],
    verbs: read,
  },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: read },
];

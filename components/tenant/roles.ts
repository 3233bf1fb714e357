import { tenantRepository } from "../git/names";

/** A rule of a role, whose lists are plain: which rights there are depends on no resource. */
export interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
  /** Names of the only objects that are meant. @default all */
  readonly resourceNames?: string[];
}

/** The ClusterRole that a tenant's reconciler is bound to in the tenant's own namespaces. */
export const tenantRoleName = "terp-tenant";

const write = ["get", "list", "watch", "create", "update", "patch", "delete"];
const read = ["get", "list", "watch"];

/** Sources that Flux fetches, and what applies them, in a tenant's own namespaces; admission bounds each. */
const ownReconciliation: Rule[] = [
  {
    apiGroups: ["source.toolkit.fluxcd.io"],
    resources: ["gitrepositories", "ocirepositories", "helmrepositories"],
    verbs: write,
  },
  { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"], verbs: write },
  { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"], verbs: write },
];

/**
 * What a tenant may do in its own namespaces: run applications and configure them.
 *
 * Written out rather than borrowed from the roles `admin` and `edit`, which take in whatever a chart adds to them, may
 * act as any service account of the namespace and mint tokens for it, and may write roles. So nobody with this role can: read or
 * make a service account's token by the API, impersonate, bind or write roles, change quotas or limits, or enter a running
 * container. What a right alone can't bound (whom a NetworkPolicy admits, which host an Ingress claims) admission does.
 */
export const tenantRules: Rule[] = [
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
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: write },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes", "grpcroutes"], verbs: write },
  { apiGroups: ["cert-manager.io"], resources: ["certificates"], verbs: write },
  ...ownReconciliation,
  // What it takes to see whether an application is well, and what bounds it.
  {
    apiGroups: [""],
    resources: ["pods", "pods/log", "events", "resourcequotas", "limitranges"],
    verbs: read,
  },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["helmcharts"], verbs: read },
];

/** All of {@link tenantRules} but Secrets and logs, to look at. */
export const viewerRules: Rule[] = tenantRules
  .map((rule) => ({
    ...rule,
    resources: rule.resources.filter((resource) => resource !== "secrets" && resource !== "pods/log"),
    verbs: read,
  }))
  .filter(({ resources }) => resources.length > 0);

/** What {@link viewerRules} allow, and what it takes to find out why an application isn't well, and to start it anew. */
export const developerRules: Rule[] = [
  ...viewerRules,
  { apiGroups: [""], resources: ["pods/log"], verbs: read },
  { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create", "get"] },
  // For `kubectl rollout restart`: admission lets who may not create a workload change nothing else of it.
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: ["patch"] },
];

/** What the tenant's own reconciler may do, and a developer. */
export const ownerRules: Rule[] = [
  ...tenantRules,
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create", "get"] },
];

/** The ClusterRole by which a tenant's people follow what becomes of their pushes, in its control namespace. */
export const followerRoleName = "terp-follower";

/**
 * How the tenant's own repository was fetched and applied, with the reason where it wasn't: two objects by name, neither of which holds
 * anything secret. Nothing can be listed, so that there is nothing else to see.
 */
export const followerRules: Rule[] = [
  {
    apiGroups: ["source.toolkit.fluxcd.io"],
    resources: ["gitrepositories"],
    resourceNames: [tenantRepository],
    verbs: ["get"],
  },
  {
    apiGroups: ["kustomize.toolkit.fluxcd.io"],
    resources: ["kustomizations"],
    resourceNames: [tenantRepository],
    verbs: ["get"],
  },
];

/**
 * What a program of the tenant's may do, one that delivers secrets for example: look at everything and write Secrets, whose
 * values it can't read. Admission keeps it from the Secrets by which it would gain the reconciler's rights.
 */
export const robotRules: Rule[] = [
  ...viewerRules,
  { apiGroups: [""], resources: ["secrets"], verbs: ["create", "update", "patch", "delete"] },
];

/** Kinds that are deprecated but still served: what to use instead. */
const deprecated: Readonly<Record<string, string>> = {
  "v1/Endpoints": "discovery.k8s.io/v1/EndpointSlice",
  "v1/ComponentStatus": "a health check of the components themselves",
};

/** Kinds that servers no longer have: since when, and what to use instead. */
const removed: Readonly<Record<string, readonly [version: string, instead: string]>> = {
  "extensions/v1beta1/Ingress": ["1.22", "networking.k8s.io/v1/Ingress"],
  "extensions/v1beta1/Deployment": ["1.16", "apps/v1/Deployment"],
  "extensions/v1beta1/DaemonSet": ["1.16", "apps/v1/DaemonSet"],
  "extensions/v1beta1/ReplicaSet": ["1.16", "apps/v1/ReplicaSet"],
  "extensions/v1beta1/NetworkPolicy": ["1.16", "networking.k8s.io/v1/NetworkPolicy"],
  "networking.k8s.io/v1beta1/Ingress": ["1.22", "networking.k8s.io/v1/Ingress"],
  "networking.k8s.io/v1beta1/IngressClass": ["1.22", "networking.k8s.io/v1/IngressClass"],
  "apiextensions.k8s.io/v1beta1/CustomResourceDefinition": [
    "1.22",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
  ],
  "rbac.authorization.k8s.io/v1beta1/Role": ["1.22", "rbac.authorization.k8s.io/v1/Role"],
  "rbac.authorization.k8s.io/v1beta1/RoleBinding": ["1.22", "rbac.authorization.k8s.io/v1/RoleBinding"],
  "rbac.authorization.k8s.io/v1beta1/ClusterRole": ["1.22", "rbac.authorization.k8s.io/v1/ClusterRole"],
  "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding": [
    "1.22",
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
  ],
  "batch/v1beta1/CronJob": ["1.25", "batch/v1/CronJob"],
  "policy/v1beta1/PodDisruptionBudget": ["1.25", "policy/v1/PodDisruptionBudget"],
  "discovery.k8s.io/v1beta1/EndpointSlice": ["1.25", "discovery.k8s.io/v1/EndpointSlice"],
  "autoscaling/v2beta1/HorizontalPodAutoscaler": ["1.25", "autoscaling/v2/HorizontalPodAutoscaler"],
  "autoscaling/v2beta2/HorizontalPodAutoscaler": ["1.26", "autoscaling/v2/HorizontalPodAutoscaler"],
};

/** What to say about a kind that servers no longer have, or undefined. */
export function removalOf(apiVersion: string, kind: string): string | undefined {
  const name = `${apiVersion}/${kind}`;
  const found = removed[name];
  if (found === undefined) return undefined;
  const [version, instead] = found;
  return (
    `apiVersion "${name}" was removed in Kubernetes ${version}. Use "${instead}" instead.\n` +
    "See https://kubernetes.io/docs/reference/using-api/deprecation-guide/ for more information."
  );
}

/**
 * The warning for a kind that is out of use, or undefined.
 * @param suppressed keeps quiet about kinds that still work
 */
export function deprecationOf(apiVersion: string, kind: string, suppressed: boolean): string | undefined {
  const gone = removalOf(apiVersion, kind);
  if (gone !== undefined) return gone;
  const instead = deprecated[`${apiVersion}/${kind}`];
  if (instead === undefined || suppressed) return undefined;
  return `${apiVersion}/${kind} is deprecated by ${instead}.`;
}

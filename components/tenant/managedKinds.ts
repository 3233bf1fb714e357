import type { ManagedKind } from "../argocd/kinds";
import { tenantRules } from "./roles";

/** What the resources that {@link tenantRules} allow to be written are called as kinds. */
const kinds: Readonly<Record<string, string>> = {
  configmaps: "ConfigMap",
  services: "Service",
  serviceaccounts: "ServiceAccount",
  persistentvolumeclaims: "PersistentVolumeClaim",
  deployments: "Deployment",
  statefulsets: "StatefulSet",
  daemonsets: "DaemonSet",
  jobs: "Job",
  cronjobs: "CronJob",
  horizontalpodautoscalers: "HorizontalPodAutoscaler",
  poddisruptionbudgets: "PodDisruptionBudget",
  ingresses: "Ingress",
  networkpolicies: "NetworkPolicy",
  httproutes: "HTTPRoute",
  grpcroutes: "GRPCRoute",
  certificates: "Certificate",
  gitrepositories: "GitRepository",
  ocirepositories: "OCIRepository",
  helmrepositories: "HelmRepository",
  kustomizations: "Kustomization",
  helmreleases: "HelmRelease",
};

/** Kinds that kustomize-controller applies, whichever engine a tenant has: it alone can decrypt them. */
const broughtByFlux = ["secrets"];

/**
 * What Argo CD may apply for a tenant: what the tenant's reconciler may write, without Secrets.
 *
 * @throws if a resource is written that isn't among the kinds above.
 */
export const managedKinds: readonly ManagedKind[] = tenantRules
  .filter(({ verbs }) => verbs.includes("create"))
  .flatMap(({ apiGroups, resources }) =>
    apiGroups.flatMap((group) =>
      resources
        .filter((resource) => !broughtByFlux.includes(resource))
        .map((resource) => {
          const kind = kinds[resource];
          if (kind === undefined)
            throw new Error(`roles: the kind of "${resource}" isn't known; add it here`);
          return { group, kind, resource };
        }),
    ),
  );

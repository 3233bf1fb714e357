import { stringify } from "yaml";

import type { Manifest } from "../../components/manifest";

const namespace = "flux-system";
const controllers = ["source", "kustomize", "helm", "notification"].map((name) => `${name}-controller`);

function deployment(name: string): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { "control-plane": "controller" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: { "prometheus.io/scrape": "true" } },
        spec: {
          serviceAccountName: "flux",
          priorityClassName: "system-cluster-critical",
          containers: [
            {
              name: "manager",
              image: `ghcr.io/fluxcd/${name}:v1.7.3`,
              args: [
                "--events-addr=http://notification-controller.$(RUNTIME_NAMESPACE).svc.cluster.local./",
                "--watch-all-namespaces=true",
                "--log-level=info",
                "--enable-leader-election",
              ],
              securityContext: { readOnlyRootFilesystem: true },
            },
          ],
        },
      },
    },
  };
}

function definition(name: string): Manifest {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name, labels: { "app.kubernetes.io/part-of": "flux" } },
    spec: {},
  };
}

const rbac = "rbac.authorization.k8s.io/v1";
const everything = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** Objects of the kinds and names that a release's `install.yaml` has. */
export function releaseManifests(): Manifest[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { theirs: "yes" } } },
    ...[
      "gitrepositories.source.toolkit.fluxcd.io",
      "kustomizations.kustomize.toolkit.fluxcd.io",
      "helmreleases.helm.toolkit.fluxcd.io",
      "alerts.notification.toolkit.fluxcd.io",
    ].map(definition),
    ...controllers.map((name) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace, labels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } },
    })),
    {
      apiVersion: rbac,
      kind: "ClusterRole",
      metadata: { name: "flux-edit", labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } },
      rules: everything,
    },
    {
      apiVersion: rbac,
      kind: "ClusterRoleBinding",
      metadata: { name: "cluster-reconciler" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "kustomize-controller", namespace }],
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "allow-egress", namespace },
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
    },
    { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "critical-pods", namespace }, spec: {} },
    ...["source-controller", "notification-controller", "webhook-receiver"].map((name) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { type: "ClusterIP", selector: { app: name } },
    })),
    ...controllers.map(deployment),
  ];
}

/** Manifests as a file has them. */
export function asYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => `---\n${stringify(manifest)}`).join("");
}

import { stringify } from "yaml";
import { at, control, own, victim, victimControl, withoutRight, type ForbiddenRequest } from "./identities";

const helm = "helm.toolkit.fluxcd.io/v2";

/** Where a tenant's HelmReleases are. */
export const releasesPath = at(helm, "helmreleases", own);

/** A HelmRelease of the chart in the tenant's repository. */
export function release(name: string, spec: object = {}): object {
  return {
    apiVersion: helm,
    kind: "HelmRelease",
    metadata: { name },
    spec: {
      interval: "10m",
      timeout: "30s",
      serviceAccountName: "reconciler",
      chart: {
        spec: {
          chart: "./charts/web",
          sourceRef: { kind: "GitRepository", name: "apps" },
          reconcileStrategy: "Revision",
          interval: "1m",
        },
      },
      ...spec,
    },
  };
}

/** A tenant's repository as a source of its own, in its own namespace. */
export const ownSource = (tenant = "team-blue"): object => ({
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "apps" },
  spec: {
    url: `ssh://git@gitea.git.svc.cluster.local/${tenant}/apps.git`,
    ref: { branch: "main" },
    interval: "1m",
    secretRef: { name: "repository-access" },
  },
});

const named = { name: "chart-attack" };

/** What a chart may contain that mustn't be installed, by the value `attack` that asks for it, and why it isn't. */
const contents: Readonly<Record<string, { readonly manifest: object | string; readonly because: RegExp }>> = {
  "write into another tenant's namespace": {
    manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { ...named, namespace: victim } },
    because: withoutRight,
  },
  "write into its control namespace": {
    manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { ...named, namespace: control } },
    because: withoutRight,
  },
  "bind a cluster role": {
    manifest: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: named,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "blue-owners", apiGroup: "rbac.authorization.k8s.io" }],
    },
    because: withoutRight,
  },
  "have a token of its reconciler made": {
    manifest: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...named, annotations: { "kubernetes.io/service-account.name": "reconciler" } },
      type: "kubernetes.io/service-account-token",
    },
    because: /is a login that never ends/,
  },
  "open its network": {
    manifest: {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: named,
      spec: { podSelector: {}, ingress: [{}] },
    },
    because: /lets in everybody/,
  },
  "read its key while it is rendered": {
    manifest: `data: {{ lookup "v1" "Secret" "${control}" "sops-age" | toJson | quote }}`,
    because: withoutRight,
  },
  "read another tenant's Secret while it is rendered": {
    manifest: `data: {{ lookup "v1" "Secret" "${victim}" "greeting" | toJson | quote }}`,
    because: withoutRight,
  },
};

/** Each attack that a chart can contain, and why it comes to nothing. */
export const chartAttacks: readonly { readonly what: string; readonly because: RegExp }[] = Object.entries(
  contents,
).map(([what, { because }]) => ({ what, because }));

/** The files of a chart that makes a ConfigMap, or what an attack asks for. */
export function chartFiles(): Readonly<Record<string, string>> {
  const attacks = Object.entries(contents).map(([what, { manifest }]) => {
    const text = typeof manifest === "string" ? manifest : stringify(manifest);
    return `{{- if eq .Values.attack ${JSON.stringify(what)} }}\n---\n${text}\n{{- end }}\n`;
  });
  const settings = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "{{ .Release.Name }}-settings" },
    data: { text: "{{ .Values.text }}" },
  };
  return {
    // What the guards' proofs have applied elsewhere.
    "charts/plain/plain.yaml": stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "guardless" },
    }),
    "charts/web/Chart.yaml": stringify({ apiVersion: "v2", name: "web", version: "0.1.0" }),
    "charts/web/values.yaml": stringify({ attack: "", text: "from the chart" }),
    "charts/web/templates/settings.yaml": stringify(settings),
    "charts/web/templates/attacks.yaml": attacks.join(""),
  };
}

const asking = (what: string, spec: object, because: RegExp): ForbiddenRequest => ({
  what: `have a chart installed ${what}`,
  as: "reconciler",
  method: "POST",
  path: releasesPath,
  body: release("attack", spec),
  because,
});

/** As the account of the tenant's helm-controller, as far as an administrator may act as it. */
const asInstaller = (what: string, method: string, path: string, body?: unknown): ForbiddenRequest => ({
  what: `${what} by its helm-controller's account`,
  as: "administrator",
  headers: { "Impersonate-User": `system:serviceaccount:${control}:helm-controller` },
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

/** What a tenant with charts can't ask for, and what its helm-controller couldn't do if it were taken over. */
export const chartRequests: readonly ForbiddenRequest[] = [
  asking("as another account", { serviceAccountName: "default" }, /has no rights here/),
  asking("as no account", { serviceAccountName: undefined }, /has no rights here/),
  asking("into another tenant's namespace", { targetNamespace: victim }, /isn't this object's own/),
  asking("with its state in another namespace", { storageNamespace: control }, /isn't this object's own/),
  asking("into another cluster", { kubeConfig: { secretRef: { name: "x" } } }, /kubeConfig leads to another/),
  asking("with its key as values", { valuesFrom: [{ kind: "Secret", name: "sops-age" }] }, /can't be read/),
  asking(
    "from another tenant's repository",
    {
      chart: {
        spec: {
          chart: "./",
          reconcileStrategy: "Revision",
          sourceRef: { kind: "GitRepository", name: "apps", namespace: victimControl },
        },
      },
    },
    /isn't this object's own/,
  ),
  asInstaller("read every Secret", "GET", "/api/v1/secrets"),
  asInstaller("read its key", "GET", at("v1", "secrets", control, "sops-age")),
  asInstaller("read another tenant's Secrets", "GET", at("v1", "secrets", victim)),
  asInstaller("see another tenant's releases", "GET", at(helm, "helmreleases", victim)),
  asInstaller("write a Secret", "POST", at("v1", "secrets", own), { metadata: named }),
  asInstaller("run a workload", "POST", at("apps/v1", "deployments", own), { metadata: named }),
];

import { at, own, victim, victimControl, type ForbiddenRequest } from "./identities";

const secret = (name: string, type: string, annotations = {}): unknown => ({
  metadata: { name, annotations },
  type,
});

/** What rights allow and admission doesn't. */
export const claimRequests: readonly ForbiddenRequest[] = [
  {
    what: "take another tenant's host",
    as: "owner",
    method: "POST",
    path: at("networking.k8s.io/v1", "ingresses", own),
    body: { metadata: { name: "theft" }, spec: { rules: [{ host: "www.green.example.org" }] } },
    because: /green\.example\.org/,
  },
  {
    what: "take every host",
    as: "owner",
    method: "POST",
    path: at("networking.k8s.io/v1", "ingresses", own),
    body: {
      metadata: { name: "theft" },
      spec: { defaultBackend: { service: { name: "podinfo", port: { number: 80 } } } },
    },
    because: /host/,
  },
  {
    what: "have a name of another's published",
    as: "reconciler",
    method: "POST",
    path: at("v1", "services", own),
    body: {
      metadata: {
        name: "dns",
        annotations: { "external-dns.alpha.kubernetes.io/hostname": "green.example.org" },
      },
      spec: { ports: [{ port: 80 }] },
    },
    because: /green\.example\.org/,
  },
  {
    what: "open a port of the nodes",
    as: "owner",
    method: "POST",
    path: at("v1", "services", own),
    body: { metadata: { name: "port" }, spec: { type: "NodePort", ports: [{ port: 80 }] } },
    because: /NodePort/,
  },
  {
    what: "point a Service at an address",
    as: "owner",
    method: "POST",
    path: at("v1", "services", own),
    body: { metadata: { name: "address" }, spec: { ports: [{ port: 80 }], externalIPs: ["192.0.2.7"] } },
    because: /externalIPs/,
  },
  {
    what: "point a Service at a name",
    as: "owner",
    method: "POST",
    path: at("v1", "services", own),
    body: {
      metadata: { name: "name" },
      spec: { type: "ExternalName", externalName: `podinfo.${victim}.svc.cluster.local` },
    },
    because: /ExternalName/,
  },
  {
    what: "write a Service's endpoints",
    as: "owner",
    method: "POST",
    path: at("discovery.k8s.io/v1", "endpointslices", own),
    body: { metadata: { name: "e" }, addressType: "IPv4", endpoints: [] },
  },
  {
    what: "apply as another account",
    as: "owner",
    method: "POST",
    path: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", own),
    body: {
      metadata: { name: "k" },
      spec: {
        interval: "1m",
        prune: true,
        path: "./",
        serviceAccountName: "platform-reconciler",
        sourceRef: { kind: "GitRepository", name: "apps" },
      },
    },
    because: /serviceAccountName|reconciler/,
  },
  {
    what: "apply from another tenant's source",
    as: "owner",
    method: "POST",
    path: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", own),
    body: {
      metadata: { name: "k" },
      spec: {
        interval: "1m",
        prune: true,
        path: "./",
        serviceAccountName: "reconciler",
        sourceRef: { kind: "GitRepository", name: "apps", namespace: victimControl },
      },
    },
    because: /namespace/,
  },
  {
    what: "apply to another cluster, or as its administrator",
    as: "owner",
    method: "POST",
    path: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", own),
    body: {
      metadata: { name: "k" },
      spec: {
        interval: "1m",
        prune: true,
        path: "./",
        serviceAccountName: "reconciler",
        kubeConfig: { secretRef: { name: "k" } },
        sourceRef: { kind: "GitRepository", name: "apps" },
      },
    },
    because: /kubeConfig/,
  },
  {
    what: "fetch from a source that isn't its own",
    as: "owner",
    method: "POST",
    path: at("source.toolkit.fluxcd.io/v1", "gitrepositories", own),
    body: {
      metadata: { name: "s" },
      spec: { interval: "1m", url: "https://github.com/team-blue-evil/apps" },
    },
    because: /github\.com\/team-blue-evil/,
  },
  {
    what: "have its Git host call it",
    as: "owner",
    method: "POST",
    path: at("notification.toolkit.fluxcd.io/v1", "receivers", own),
    body: { metadata: { name: "r" }, spec: {} },
  },
  {
    what: "give values to its charts as a robot",
    as: "robot",
    method: "POST",
    path: at("v1", "secrets", own),
    body: secret("helm-values", "Opaque"),
    because: /helm-values/,
  },
  {
    what: "forge a chart's release as a robot",
    as: "robot",
    method: "POST",
    path: at("v1", "secrets", own),
    body: secret("sh.helm.release.v1.a.v1", "helm.sh/release.v1"),
    because: /helm/,
  },
  {
    what: "change a workload as a developer",
    as: "developer",
    method: "PATCH",
    path: at("apps/v1", "deployments", own, "podinfo"),
    body: { spec: { template: { spec: { containers: [{ name: "podinfo", image: "evil" }] } } } },
    because: /restart/,
  },
];

import type { Chart } from "./charts/chart";

/**
 * Every version that is chosen here. npm packages are in package.json, and each tool's Go modules in its go.mod: a test holds
 * those against these. A line beginning with `renovate:` tells Renovate where newer ones are published.
 */
export const versions = {
  // renovate: datasource=github-releases depName=pulumi/pulumi
  pulumi: "3.259.0",
  // The last release in which the Node language host can be built by itself: raise it by hand.
  // renovate: datasource=go depName=github.com/pulumi/pulumi/sdk/v3
  pulumiLanguageNodejs: "3.68.0",
  // It lints the pipelines, in a test.
  // renovate: datasource=go depName=github.com/rhysd/actionlint
  actionlint: "1.7.12",
  // It issues certificates by ACME, in a test.
  // renovate: datasource=go depName=github.com/letsencrypt/pebble/v2
  pebble: "2.10.3",
  // It writes records, in a test: the one that its chart below installs, so raise them together.
  // renovate: datasource=go depName=sigs.k8s.io/external-dns
  externalDnsProgram: "0.21.0",

  // renovate: datasource=github-releases depName=kubernetes/kubernetes
  kubernetes: "1.34.2",
  // renovate: datasource=github-releases depName=etcd-io/etcd
  etcd: "3.6.6",
  // renovate: datasource=github-releases depName=containerd/containerd
  containerd: "2.4.2",
  // renovate: datasource=github-releases depName=opencontainers/runc
  runc: "1.5.2",
  // renovate: datasource=github-releases depName=containernetworking/plugins
  cni: "1.9.1",
  // renovate: datasource=github-releases depName=coredns/coredns
  coredns: "1.13.2",
  // renovate: datasource=docker depName=registry.k8s.io/pause
  pause: "3.10",

  // renovate: datasource=github-releases depName=fluxcd/source-controller
  sourceController: "1.7.3",
  // renovate: datasource=github-releases depName=fluxcd/kustomize-controller
  kustomizeController: "1.7.3",
  // The newest release whose Go module the public proxy serves: raise it by hand.
  // renovate: datasource=go depName=github.com/fluxcd/notification-controller
  notificationController: "1.6.0",
  // renovate: datasource=github-releases depName=fluxcd/helm-controller
  helmController: "1.4.3",
  // renovate: datasource=github-releases depName=kubernetes-sigs/controller-tools
  controllerTools: "0.19.0",

  // The newest release whose Go modules the public proxy serves: raise it by hand.
  // renovate: datasource=go depName=github.com/argoproj/argo-cd/v3
  argocd: "3.2.0",

  // renovate: datasource=github-releases depName=traefik/traefik
  traefik: "3.7.13",
  // The one that Traefik knows: raise them together.
  // renovate: datasource=github-releases depName=kubernetes-sigs/gateway-api
  gatewayApi: "1.6.1",

  // The provider of @pulumi/gitlab: its 10 tells GitLab's editions apart in what protects a branch, so raise it by hand.
  // renovate: datasource=github-releases depName=pulumi/pulumi-gitlab
  pulumiGitlab: "9.11.1",
  // renovate: datasource=github-releases depName=go-gitea/gitea
  gitea: "1.26.0",
  // renovate: datasource=github-releases depName=grafana/loki
  loki: "3.7.8",
  // renovate: datasource=github-releases depName=caddyserver/caddy
  caddy: "2.11.9",
  // The newest of which the public proxy serves all that it is made of: raise it by hand.
  // renovate: datasource=go depName=go.opentelemetry.io/collector/otelcol
  collector: "0.160.0",

  // renovate: datasource=github-releases depName=getsops/sops
  sops: "3.13.3",
  // renovate: datasource=github-releases depName=helm/helm
  helm: "3.19.5",
  // renovate: datasource=github-releases depName=stefanprodan/podinfo
  podinfo: "6.9.2",
  // renovate: datasource=docker depName=grafana/grafana
  grafana: "13.2.3",

  // What the developers' chart runs as databases, and Argo CD its cache on: the chart's values.yaml says the same.
  // renovate: datasource=docker depName=library/postgres
  postgres: "18.1",
  // renovate: datasource=docker depName=library/redis
  redis: "8.2.3",

  // renovate: datasource=helm registryUrl=https://charts.jetstack.io depName=cert-manager
  certManager: "1.21.2",
  // renovate: datasource=helm registryUrl=https://kubernetes-sigs.github.io/external-dns depName=external-dns
  externalDns: "1.21.1",
  // The last one there will be: upstream retired it in March 2026.
  // renovate: datasource=helm registryUrl=https://kubernetes.github.io/ingress-nginx depName=ingress-nginx
  ingressNginx: "4.15.1",
} as const;

/** The release line of Flux to which its controllers above belong. */
export const fluxRelease = "2.7";

/** Images by the names that their publishers give them. */
export const images = {
  pause: `registry.k8s.io/pause:${versions.pause}`,
  coredns: `registry.k8s.io/coredns/coredns:v${versions.coredns}`,
  sourceController: `ghcr.io/fluxcd/source-controller:v${versions.sourceController}`,
  kustomizeController: `ghcr.io/fluxcd/kustomize-controller:v${versions.kustomizeController}`,
  notificationController: `ghcr.io/fluxcd/notification-controller:v${versions.notificationController}`,
  helmController: `ghcr.io/fluxcd/helm-controller:v${versions.helmController}`,
  argocd: `quay.io/argoproj/argocd:v${versions.argocd}`,
  traefik: `docker.io/library/traefik:v${versions.traefik}`,
  gitea: `docker.gitea.com/gitea:${versions.gitea}-rootless`,
  loki: `docker.io/grafana/loki:${versions.loki}`,
  caddy: `docker.io/library/caddy:${versions.caddy}`,
  collector: `docker.io/otel/opentelemetry-collector-contrib:${versions.collector}`,
  podinfo: `ghcr.io/stefanprodan/podinfo:${versions.podinfo}`,
  grafana: `docker.io/grafana/grafana:${versions.grafana}`,
} as const;

/** What the developers' chart runs as databases, in tenants' namespaces; Argo CD's cache is one as well. */
export const databaseImages = {
  postgres: `docker.io/library/postgres:${versions.postgres}`,
  redis: `docker.io/library/redis:${versions.redis}`,
} as const;

/** Charts by what they install. */
export const charts = {
  certManager: {
    name: "cert-manager",
    repository: "https://charts.jetstack.io",
    version: `v${versions.certManager}`,
  },
  externalDns: {
    name: "external-dns",
    repository: "https://kubernetes-sigs.github.io/external-dns",
    version: versions.externalDns,
  },
  ingressNginx: {
    name: "ingress-nginx",
    repository: "https://kubernetes.github.io/ingress-nginx",
    version: versions.ingressNginx,
  },
} as const satisfies Readonly<Record<string, Chart>>;

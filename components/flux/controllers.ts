import { argocdFieldManager } from "../argocd/names";
import { giteaName, gitNamespace } from "../git/names";
import { roleLabel } from "../metadata";
import { namespaceNamed, toClusterDns, tcp, type EgressRule, type Peer } from "../networkPolicy";
import type { PolicyRule } from "../policyRule";
import {
  accountWithoutRights,
  gitAccessSecret,
  helmController,
  kustomizeController,
  notificationController,
  ownRepositorySecret,
  platformKeySecret,
  platformReconcilerAccount,
  reconcilerAccount,
  sourceController,
  tenantKeySecret,
  webhookPort,
  webhookSecret,
} from "./names";

/** How hard Flux's controllers may work. */
export interface Pace {
  /** Reconciliations at the same time, for each controller. */
  readonly concurrent: number;
  /** Time until something is tried again that waits for something else, e.g. `2s`. */
  readonly requeueDependency: string;
}

/** One controller of Flux and what it gets. */
export interface Controller {
  readonly arguments: (pace: Pace) => readonly string[];
  readonly rules: readonly PolicyRule[];
  readonly egress: readonly EgressRule[];
  /** Who may connect to it, by port. */
  readonly ingress: readonly { readonly from: Peer; readonly port: number }[];
  readonly resources: Readonly<Record<"requests" | "limits", Readonly<Record<string, string>>>>;
}

const events: PolicyRule = { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] };
/** The API server's Service is on 443; where its address is a node's own, the policy sees the node's port. */
export const toApiServer: EgressRule = { ports: tcp(443, 6443) };
/** Git hosts by HTTPS and SSH, anywhere: which ones a tenant may name is admission's to decide. 2222 and 3000 are pods' own ports. */
const toGitHosts: EgressRule = { ports: tcp(22, 2222, 80, 3000) };

const app = (name: string): Peer => ({ podSelector: { matchLabels: { app: name } } });
const controlNamespaces: Peer = { namespaceSelector: { matchLabels: { [roleLabel]: "control" } } };
const toSources: EgressRule = { to: [app(sourceController)], ports: tcp(9090) };

const sources = [
  "gitrepositories",
  "ocirepositories",
  "buckets",
  "helmrepositories",
  "helmcharts",
  "externalartifacts",
];
const everyVerb = ["get", "list", "watch", "create", "update", "patch", "delete"];

/**
 * The controllers of Flux that this platform runs, by name: their arguments, and the least of rights and network that they
 * need. None may read Secrets but those of one name, or list them.
 */
export const controllers: Readonly<Record<string, Controller>> = {
  [sourceController]: {
    arguments: (pace) => [
      "--watch-all-namespaces=true",
      "--enable-leader-election=false",
      `--concurrent=${String(pace.concurrent)}`,
      `--requeue-dependency=${pace.requeueDependency}`,
    ],
    rules: [
      events,
      // By name: the keys that decrypt aren't its to read.
      {
        apiGroups: [""],
        resources: ["secrets"],
        resourceNames: [gitAccessSecret, ownRepositorySecret],
        verbs: ["get"],
      },
      { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["source.toolkit.fluxcd.io"], resources: sources, verbs: everyVerb },
      {
        apiGroups: ["source.toolkit.fluxcd.io"],
        resources: sources.flatMap((source) => [`${source}/status`, `${source}/finalizers`]),
        verbs: ["get", "create", "update", "patch", "delete"],
      },
    ],
    egress: [toClusterDns, toApiServer, toGitHosts],
    ingress: [
      { from: app(kustomizeController), port: 9090 },
      // Each tenant that installs charts has a controller of its own for it.
      { from: { ...controlNamespaces, ...app(helmController) }, port: 9090 },
    ],
    resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "512Mi" } },
  },
  [kustomizeController]: {
    arguments: (pace) => [
      "--watch-all-namespaces=true",
      "--enable-leader-election=false",
      "--no-cross-namespace-refs=true",
      "--no-remote-bases=true",
      `--default-service-account=${accountWithoutRights}`,
      `--concurrent=${String(pace.concurrent)}`,
      `--requeue-dependency=${pace.requeueDependency}`,
      // What Argo CD held of what a tenant has is Flux's when the tenant comes back to Flux.
      `--override-manager=${argocdFieldManager}`,
      // On the pod's address alone: a kustomization can have the controller ask its own loopback address.
      "--metrics-addr=$(POD_IP):8080",
      "--health-addr=$(POD_IP):9440",
      // Without the watchers it needs no right to list the cluster's Secrets. A new revision need not wait until an
      // unhealthy one has run into its timeout.
      "--feature-gates=DisableConfigWatchers=true,CancelHealthCheckOnNewRevision=true",
    ],
    rules: [
      events,
      {
        apiGroups: [""],
        resources: ["secrets"],
        resourceNames: [tenantKeySecret, platformKeySecret],
        verbs: ["get"],
      },
      { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get", "list", "watch"] },
      // All that it applies, it applies as one of these.
      {
        apiGroups: [""],
        resources: ["serviceaccounts"],
        resourceNames: [reconcilerAccount, platformReconcilerAccount, accountWithoutRights],
        verbs: ["impersonate"],
      },
      { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"], verbs: everyVerb },
      {
        apiGroups: ["kustomize.toolkit.fluxcd.io"],
        resources: ["kustomizations/status", "kustomizations/finalizers"],
        verbs: ["get", "create", "update", "patch", "delete"],
      },
      { apiGroups: ["source.toolkit.fluxcd.io"], resources: sources, verbs: ["get", "list", "watch"] },
    ],
    egress: [toClusterDns, toApiServer, toSources],
    ingress: [],
    resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "512Mi" } },
  },
  [notificationController]: {
    arguments: (pace) => [
      "--watch-all-namespaces=true",
      "--enable-leader-election=false",
      "--no-cross-namespace-refs=true",
      `--concurrent=${String(pace.concurrent)}`,
    ],
    rules: [
      events,
      { apiGroups: [""], resources: ["secrets"], resourceNames: [webhookSecret], verbs: ["get"] },
      {
        apiGroups: ["notification.toolkit.fluxcd.io"],
        resources: ["receivers", "alerts", "providers"],
        verbs: everyVerb,
      },
      {
        apiGroups: ["notification.toolkit.fluxcd.io"],
        resources: ["receivers/status", "receivers/finalizers"],
        verbs: ["get", "create", "update", "patch", "delete"],
      },
      // It says of a source that it is to be looked at now, and nothing more of it.
      {
        apiGroups: ["source.toolkit.fluxcd.io"],
        resources: ["gitrepositories"],
        verbs: ["get", "list", "watch", "patch"],
      },
    ],
    egress: [toClusterDns, toApiServer],
    ingress: [{ from: { ...namespaceNamed(gitNamespace), ...app(giteaName) }, port: webhookPort }],
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } },
  },
};

import type { Output } from "@pulumi/pulumi";
import type { StoreReference } from "./keys/store";
import type { AksCluster } from "./config/aksSection";
import type { AzureConfig } from "./config/azureSection";
import type { ChartSource } from "./charts/chart";
import type { CertificatesConfig } from "./config/certificatesSection";
import type { DnsConfig } from "./config/dnsSection";
import type { ExistingCluster } from "./config/existingSection";
import type { GitConfig } from "./config/gitSection";
import type { GrafanaConfig } from "./config/grafanaSection";
import type { LogsConfig } from "./config/logsSection";
import type { GitopsConfig } from "./config/gitopsSection";
import type { IngressConfig } from "./config/ingressSection";
import type { OidcApplication, OidcConfig } from "./config/oidcSection";

/** A stack's configuration as Pulumi gives it. */
export interface RawConfig {
  /** The stack's name. */
  readonly environment: string;
  /** Every setting of the project by its name without the project's, as text; objects as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Names of those that the stack keeps encrypted, as a whole or in part. */
  readonly secrets: readonly string[];
}

/** All that a stack's configuration decides, checked and with every default in its place. */
export interface PlatformConfig {
  /** The stack's name: the embedded cluster is called after it. */
  readonly stack: string;
  /**
   * Whose repositories are applied, and whose name everything inside the cluster bears.
   *
   * @default the stack's name; a drill's stack bears the name of the one that it rehearses
   */
  readonly environment: string;
  readonly cluster: ClusterConfig;
  /** Absent unless the cluster is of kind `aks`. */
  readonly azure?: AzureConfig | undefined;
  readonly git: GitConfig;
  readonly flux: FluxConfig;
  /** What applies tenants' repositories. Default Flux alone. */
  readonly gitops: GitopsConfig;
  readonly keys: KeysConfig;
  readonly tenants: TenantsConfig;
  /** Who says who somebody is. Absent where people get nothing of the cluster but through their repository. */
  readonly oidc?: OidcConfig | undefined;
  /** How each tenant's lines are kept. Absent where none are. */
  readonly logs?: LogsConfig | undefined;
  /** What brings requests from outside. Default none. */
  readonly ingress: IngressConfig;
  /** What Grafanas have in common. Absent where nobody has one. */
  readonly grafana?: GrafanaConfig | undefined;
  /** Where charts and their images are taken from. */
  readonly charts: ChartSource;
  /** Who issues certificates. Absent where nobody does. */
  readonly certificates?: CertificatesConfig | undefined;
  /** The platform's DNS zones. Absent where nobody writes their records. */
  readonly dns?: DnsConfig | undefined;
}

export type { CertificatesConfig } from "./config/certificatesSection";
export type { Engine, GitopsConfig } from "./config/gitopsSection";
export type { AzureDns, DnsConfig, Route53Dns } from "./config/dnsSection";
export type { OidcApplication, OidcClient, OidcConfig, OidcLogin, PlatformRole } from "./config/oidcSection";

export type ClusterConfig = LocalCluster | AksCluster | ExistingCluster;

/** The embedded cluster on this machine. */
export interface LocalCluster {
  readonly kind: "local";
  /** Where images of a registry are pulled from instead, e.g. `docker.io` from `https://mirror.example.org`. */
  readonly registries: Readonly<Record<string, string>>;
}

export interface FluxConfig {
  readonly manifests: FluxManifests;
  /** How many objects each controller works on at a time. */
  readonly concurrency: number;
  /** How often a tenant's repository is looked at without being asked to, e.g. `1m`. */
  readonly interval: string;
}

/** Flux's manifests: made here from its modules (the embedded cluster has their images), or a release's `install.yaml`. */
export type FluxManifests =
  { readonly kind: "own" } | { readonly kind: "release"; readonly file: string; readonly version: string };

export interface KeysConfig {
  /**
   * Where the platform's key is backed up. The embedded cluster's stack has a folder of its own for it.
   *
   * @default with a cluster of AKS, the vault that `terp init` made
   */
  readonly store?: StoreReference | undefined;
  /** The recipient that the platform's key must have. */
  readonly recipient?: string | undefined;
}

export interface TenantsConfig {
  /** The folder, on the machine that runs Pulumi, for what suspended tenants leave. The embedded cluster's stack has its own. */
  readonly exports?: string | undefined;
  /** Whether tenants may be given `charts`: what installs them is made only then. */
  readonly charts: boolean;
  /**
   * Lines of `known_hosts`: the keys of hosts that tenants bring repositories from. Those of github.com and gitlab.com needn't be among
   * them.
   */
  readonly knownHosts?: string | undefined;
}

/** What a stack keeps encrypted: never part of {@link PlatformConfig}, so that nothing can print or compare it. */
export interface PlatformSecrets {
  /** An existing cluster's, whatever `cluster.kubeconfig` points to. */
  readonly kubeconfig?: Output<string>;
  /** Of the applications' clients at the identity provider; given where there are any. */
  readonly clientSecrets?: Output<Readonly<Partial<Record<OidcApplication, string>>>>;
  /** The Git host's token. Given where `git.kind` is `github` or `gitlab`. */
  readonly gitToken?: Output<string>;
}

import type * as pulumi from "@pulumi/pulumi";

import type { Exposure } from "../components/gateway/exposure";
import type { Readers } from "../components/readers";
import { administrators, type Trusted } from "../components/tenant/trusted";
import { existingCluster } from "../infra/cluster/existing";
import type { ClusterHandle } from "../infra/cluster/handle";
import {
  argocdCrdFile,
  fluxCrdFile,
  gatewayCrdFile,
  LocalCluster,
  type ImageService,
  type LogFolders,
} from "../infra/cluster/local";
import type { OidcLogin, PlatformConfig, PlatformSecrets } from "../infra/config";
import { hasArgocd } from "../infra/config/gitopsSection";
import type { StoreReference } from "../infra/keys/store";
import { databaseImages, images, versions } from "../infra/versions";
import type * as Aks from "./aks";
import { clusterLogin } from "./oidc";

/** Azure's classes take their time to load: only who needs them does. Not by import(): that would need a second TypeScript loader. */
const aks = () => require("./aks") as typeof Aks;

/** A cluster, and what the services need to know of it. */
export interface PlatformCluster {
  readonly handle: ClusterHandle;
  /** Who deploys into it, as it knows them. */
  readonly deployers: Trusted;
  /** Who previews, as it knows them: they look, and change nothing. */
  readonly readers: Readers;
  /** Kubernetes' minor version, e.g. `1.34`. */
  readonly kubernetesVersion: string;
  /** Where a Git host inside the cluster keeps its data, and who reaches it; absent where there is none. */
  readonly git?:
    | {
        readonly dataFolder: string;
        readonly address: pulumi.Input<string>;
        readonly clientAddress: pulumi.Input<string>;
      }
    | undefined;
  /** Where the platform's key is backed up. */
  readonly keyStore: StoreReference;
  /** The folder for what suspended tenants leave; absent where none is set. */
  readonly exports?: string | undefined;
  /** Where the only node has what becomes logs; absent where the nodes' own places are the usual ones. */
  readonly logFolders?: LogFolders | undefined;
  /** The file with Flux's CRDs, where its manifests are ours. */
  readonly fluxCrdFile: string;
  /** The file with the Gateway API's CRDs, where they are made from its module. */
  readonly gatewayCrdFile: string;
  /** The file with Argo CD's CRDs, where they are made from its module. */
  readonly argocdCrdFile: string;
  /** The image of Argo CD's cache. The embedded cluster has this machine's Redis in Argo CD's own. */
  readonly redisImage: string;
  /** How requests come in unless the configuration says otherwise. */
  readonly exposure: Exposure;
  /** How people log in to it; absent where no identity provider is set. */
  readonly login?: OidcLogin | undefined;
  /** Lets those who recover by hand read keys by their names; absent where the store isn't ours to give rights to. */
  readonly letBreakGlassRead?: (keys: readonly string[]) => void;
  /** What of Azure it stands on; absent where that isn't ours. */
  readonly azure?: Aks.AzureFacts;
}

/** What a cluster that isn't on this machine takes from the publishers and from its cloud. */
const bringsNothing = {
  fluxCrdFile: "",
  gatewayCrdFile: "",
  argocdCrdFile: "",
  redisImage: databaseImages.redis,
  exposure: { kind: "load-balancer", annotations: {} },
} as const;

/** The cluster that a configuration names. */
export async function cluster(config: PlatformConfig, secrets: PlatformSecrets): Promise<PlatformCluster> {
  const login = await clusterLogin(config);
  switch (config.cluster.kind) {
    case "local": {
      const local = new LocalCluster(config.stack, {
        registries: config.cluster.registries,
        services: localServices(config),
        login,
      });
      return {
        handle: local.handle,
        deployers: administrators,
        readers: { groups: [], users: [] },
        kubernetesVersion: minor(versions.kubernetes),
        git: { dataFolder: local.gitFolder, address: local.nodeAddress, clientAddress: local.hostAddress },
        keyStore: config.keys.store ?? local.keyStore,
        exports: config.tenants.exports ?? local.exports,
        logFolders: local.logFolders,
        fluxCrdFile: await fluxCrdFile(),
        gatewayCrdFile: usesOwnGatewayCrds(config) ? await gatewayCrdFile() : "",
        argocdCrdFile: usesOwnArgocdCrds(config) ? await argocdCrdFile() : "",
        redisImage: images.argocd,
        exposure: { kind: "address", address: local.nodeAddress },
        login,
      };
    }
    case "aks": {
      const { store } = config.keys;
      // The configuration's own checks admit neither.
      if (config.azure === undefined || store === undefined)
        throw new Error("azure and keys.store: expected with a cluster of AKS");
      const { handle, facts, letBreakGlassRead } = aks().aksOnFoundation(
        config.environment,
        config.cluster,
        config.azure,
      );
      return {
        handle,
        letBreakGlassRead,
        // An Entra ID group is known by its id, and so is an identity.
        deployers: { groups: config.cluster.administrators, users: [] },
        readers: { groups: config.cluster.readers.groups, users: config.cluster.readers.identities },
        kubernetesVersion: config.cluster.kubernetesVersion,
        git: nodeOf(config),
        keyStore: store,
        exports: config.tenants.exports,
        ...bringsNothing,
        login,
        azure: facts,
      };
    }
    case "existing": {
      const { store } = config.keys;
      // The configuration's own checks don't admit that.
      if (store === undefined) throw new Error("keys.store: expected with an existing cluster");
      const { kubeconfig } = secrets;
      if (kubeconfig === undefined) throw new Error("kubeconfig: expected with an existing cluster");
      return {
        handle: existingCluster(config.cluster, kubeconfig),
        deployers: config.cluster.deployers,
        readers: config.cluster.readers,
        kubernetesVersion: config.cluster.kubernetesVersion,
        git: nodeOf(config),
        keyStore: store,
        exports: config.tenants.exports,
        ...bringsNothing,
        login,
      };
    }
  }
}

/** The services whose images the embedded cluster gets beside what every stack has. */
function localServices({ logs, tenants, ingress, certificates, gitops }: PlatformConfig): ImageService[] {
  return [
    ...(logs === undefined ? [] : (["logs"] as const)),
    ...(ingress.kind === "gateway" ? (["gateway"] as const) : []),
    ...(certificates === undefined ? [] : (["certificates"] as const)),
    ...(tenants.charts ? (["charts"] as const) : []),
    ...(hasArgocd(gitops) ? (["argocd"] as const) : []),
  ];
}

function usesOwnGatewayCrds({ ingress }: PlatformConfig): boolean {
  return ingress.kind === "gateway" && ingress.crds.kind === "own";
}

function usesOwnArgocdCrds({ gitops }: PlatformConfig): boolean {
  return hasArgocd(gitops) && gitops.crds.kind === "own";
}

/** The node of a Git host inside a cluster that isn't the embedded one. */
function nodeOf({ git }: PlatformConfig): PlatformCluster["git"] {
  return git.kind === "gitea" ? git.node : undefined;
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { Argocd } from "../components/argocd/argocd";
import { argocdHost } from "../components/argocd/names";
import type { ArgocdPages } from "../components/argocd/pages";
import { reconcilerAccount } from "../components/flux/names";
import type { Repositories } from "../components/git/repositories";
import { starterFiles } from "../components/service/starterFiles";
import type { Engines } from "../components/tenant/engine";
import { managedKinds } from "../components/tenant/managedKinds";
import type { WebhookKind } from "../components/webhook";
import type { PlatformConfig, PlatformSecrets } from "../infra/config";
import { hasArgocd } from "../infra/config/gitopsSection";
import { inHome } from "../infra/home";
import { images } from "../infra/versions";
import { knownHostsOf } from "./broughtRepositories";
import type { PlatformCluster } from "./cluster";
import { groupsWith } from "./oidc";

/** What Argo CD is made from. */
export interface ArgocdServiceArgs {
  readonly config: PlatformConfig;
  readonly secrets: PlatformSecrets;
  readonly cluster: PlatformCluster;
  readonly repositories: Repositories;
  /** Certificates of the authorities by which the identity provider is trusted, in PEM. @default those of Argo CD's image */
  readonly authorityOfLogin?: string | undefined;
}

/**
 * The engines that tenants may have.
 *
 * @param running Argo CD, where it is one of them.
 */
export function enginesOf(
  { gitops, grafana, cluster }: PlatformConfig,
  gitHost: Repositories["kind"],
  running?: Argocd,
): Engines {
  const { engine } = gitops;
  return {
    offered: engine === "both" ? ["flux", "argocd"] : [engine],
    usual: engine === "both" ? "flux" : engine,
    groupsPrefix: grafana?.groupsPrefix ?? "",
    webhook: running?.webhook,
    ...(gitops.services && {
      services: {
        everySeconds: cluster.kind === "local" ? 5 : 60,
        starter: () => starterFiles(join(__dirname, ".."), gitHost),
      },
    }),
  };
}

/** Argo CD, where the configuration asks for it. */
export function argocd(
  { config, secrets, cluster, repositories, authorityOfLogin }: ArgocdServiceArgs,
  options: pulumi.ComponentResourceOptions,
): Argocd | undefined {
  const { environment, gitops, flux } = config;
  if (!hasArgocd(gitops)) return undefined;
  const { crds } = gitops;
  return new Argocd(
    "argocd",
    {
      environment,
      podSecurityVersion: `v${cluster.kubernetesVersion}`,
      image: images.argocd,
      redisImage: cluster.redisImage,
      crds:
        crds.kind === "release"
          ? { kind: "file", file: inHome(crds.file) }
          : crds.kind === "own"
            ? { kind: "file", file: cluster.argocdCrdFile }
            : crds,
      kinds: managedKinds,
      reconciler: reconcilerAccount,
      // The embedded Git host is near, and Argo CD would know none of its repositories by what its webhook calls them.
      poll: config.cluster.kind === "local" ? "5s" : flux.interval,
      knownHosts: pulumi.interpolate`${repositories.knownHosts}${knownHostsOf(config)}`,
      pages: pages(config, secrets, authorityOfLogin),
      pushedBy: pushedBy(config),
      hasServices: gitops.services,
    },
    options,
  );
}

/** A Git host that reaches Flux's Receivers reaches what else the platform shows. Gitea's word isn't understood. */
function pushedBy({ git }: PlatformConfig): WebhookKind | undefined {
  return git.kind === "gitea" || git.receiver === undefined ? undefined : git.kind;
}

/** People come by the platform's Gateway, or not at all. */
function pages(
  { ingress, oidc }: PlatformConfig,
  secrets: PlatformSecrets,
  authority: string | undefined,
): ArgocdPages | undefined {
  if (ingress.kind !== "gateway") return undefined;
  const client = oidc?.clients.argocd;
  return {
    host: argocdHost(ingress.domain),
    groups: { operators: groupsWith("operator", { oidc }), viewers: groupsWith("viewer", { oidc }) },
    ...(oidc &&
      client && {
        login: {
          issuer: client.issuer ?? oidc.issuer,
          clientId: client.clientId,
          scopes: [...new Set(["openid", "profile", "email", ...oidc.scopes])],
          authority,
          clientSecret: pulumi.secret(secrets.clientSecrets?.apply((all) => all.argocd ?? "") ?? ""),
        },
      }),
  };
}

import * as pulumi from "@pulumi/pulumi";

import type { Argocd } from "../components/argocd/argocd";
import type { PrivateCa } from "../components/certificates/privateCa";
import { Flux } from "../components/flux/flux";
import { fluxNamespace } from "../components/flux/names";
import { OutsideWebhooks } from "../components/flux/outsideWebhooks";
import { PlatformSync, platformScaffold, platformSource } from "../components/flux/platformSync";
import { eagerPace, type SyncPace } from "../components/flux/sync";
import { tenantsDomain } from "../components/gateway/names";
import { defaultBranch } from "../components/git/names";
import { TenantAdmission } from "../components/tenant/admission/admission";
import { ReservedLabels } from "../components/tenant/reservedLabels";
import type { TenantPlatform } from "../components/tenant/tenantArgs";
import { TenantRoles } from "../components/tenant/tenantRoles";
import type { PlatformConfig, PlatformSecrets } from "../infra/config";
import { inHome } from "../infra/home";
import { AgeKey } from "../infra/keys/ageKey";
import { forStack, platformKeyName } from "../infra/keys/store";
import { fluxRelease, images } from "../infra/versions";
import { argocd, enginesOf } from "./argocd";
import { privateCa } from "./certificates";
import type { PlatformCluster } from "./cluster";
import { countedKinds } from "./countedKinds";
import { broughtRepositories } from "./broughtRepositories";
import { platformDomains } from "./domains";
import { gateway, type RunningGateway } from "./gateway";
import { gitHost, type GitHostLogin } from "./gitHost";
import { grafanaPlatform } from "./grafana";
import { logService, type LogService } from "./logs";
import { operatorsApplications } from "./operators";
import type { ApplicationLogin } from "./oidc";

/** What the platform installs, and what tenants and outputs take from it. */
export interface Services {
  readonly platformKey: AgeKey;
  readonly flux: Flux;
  readonly git: GitHostLogin;
  /** Absent where Flux is the only engine. */
  readonly argocd: Argocd | undefined;
  /** How logs are written and read; absent where none are kept. */
  readonly logs?: LogService | undefined;
  /** Absent where the configuration has none. */
  readonly gateway: RunningGateway | undefined;
  /** The platform's private CA, made when it is first asked for. */
  readonly authority: () => PrivateCa;
  /** What each tenant is built on. */
  readonly forTenants: TenantPlatform;
  /** Options of what lives in the cluster. */
  readonly options: pulumi.ComponentResourceOptions;
}

/** How people log in to applications; absent where an application has no client. */
export interface Logins {
  readonly grafana?: ApplicationLogin | undefined;
  /** Certificates of the authorities by which Argo CD trusts the identity provider, in PEM. @default those of its image */
  readonly argocdAuthority?: string | undefined;
}

/** The services of a platform, each in its own namespace, in the order in which they need each other. */
export function services(
  config: PlatformConfig,
  secrets: PlatformSecrets,
  cluster: PlatformCluster,
  { grafana: login, argocdAuthority: authorityOfLogin }: Logins = {},
): Services {
  const { environment } = config;
  const isKept = config.cluster.kind !== "local";
  const podSecurityVersion = `v${cluster.kubernetesVersion}`;
  const pace: SyncPace = { ...eagerPace, poll: config.flux.interval };

  const store = forStack(cluster.keyStore, environment);
  // First of all: where the key is wrong, nothing is installed.
  const platformKey = new AgeKey(
    "platform",
    {
      store,
      keyName: platformKeyName,
      expectedRecipient: config.keys.recipient,
    },
    { protect: isKept, retainOnDelete: isKept },
  );
  // Public halves.
  const former = pulumi.unsecret(platformKey.former.apply((keys) => keys.map(({ recipient }) => recipient)));
  const transformations = [endingWith(cluster.handle.endsWith)];
  const options: pulumi.ComponentResourceOptions = {
    providers: [cluster.handle.provider],
    dependsOn: [platformKey],
    transformations,
  };
  const reserved = new ReservedLabels(
    "reserved-labels",
    { environment, trusted: cluster.deployers },
    options,
  );
  const guarded = { ...options, dependsOn: [platformKey, reserved] };

  const roles = new TenantRoles("tenant-roles", { environment, charts: config.tenants.charts }, guarded);
  const admission = new TenantAdmission(
    "tenant-admission",
    { environment, trusted: cluster.deployers },
    guarded,
  );
  const flux = new Flux(
    "flux",
    {
      environment,
      podSecurityVersion,
      identity: platformKey.identity,
      manifests:
        config.flux.manifests.kind === "release"
          ? { ...config.flux.manifests, file: inHome(config.flux.manifests.file) }
          : { kind: "own", crdFile: cluster.fluxCrdFile, images, version: fluxRelease },
      pace: { concurrent: config.flux.concurrency, requeueDependency: "2s" },
    },
    guarded,
  );
  const git = gitHost({ config, secrets, cluster }, guarded);
  let made: PrivateCa | undefined;
  const authority = (): PrivateCa => (made ??= privateCa({ environment, store, isKept }, options));
  const running = gateway(
    config.ingress,
    { environment, podSecurityVersion, cluster, authority, certificates: config.certificates },
    guarded,
  );
  const { repositories } = git;
  const engine = argocd({ config, secrets, cluster, repositories, authorityOfLogin }, guarded);
  const repository = repositories.make(
    {
      place: repositories.places.platform,
      isTenants: false,
      purpose: `what must survive of the environment ${environment}`,
      files: platformKey.recipient.apply((recipient) => platformScaffold(environment, recipient)),
      isWatched: true,
      receiver: { namespace: fluxNamespace, name: platformSource },
      webhook: engine?.webhook,
      sealsTo: pulumi
        .all([platformKey.recipient, former])
        .apply(([recipient, others]) => [recipient, ...others]),
    },
    { dependsOn: [platformKey], transformations },
  );
  const brought = [...flux.ready, ...(running?.ready ?? [])];
  const counted = countedKinds(config, cluster, { dependsOn: [...guarded.dependsOn, ...brought] });
  const { receiver } = config.git;
  if (receiver)
    new OutsideWebhooks(
      "outside-webhooks",
      { environment, namespace: receiver.namespace },
      { ...guarded, dependsOn: [...guarded.dependsOn, ...flux.ready] },
    );
  const sync = new PlatformSync(
    "platform",
    {
      environment,
      url: repository.sshUrl,
      branch: defaultBranch,
      knownHosts: repositories.knownHosts,
      privateKey: repository.privateKey,
      webhook: repository.webhook,
      recipient: platformKey.recipient,
      identity: platformKey.identity,
      former: platformKey.former,
      pace,
    },
    // Last of all, so that who waits for it waits for everything: one dependency of each namespace, and not sixty.
    {
      ...guarded,
      dependsOn: [
        ...guarded.dependsOn,
        ...roles.ready,
        ...admission.ready,
        ...brought,
        ...counted,
        ...(engine?.ready ?? []),
      ],
    },
  );

  operatorsApplications(
    { config, repositories, repository, argocd: engine, retry: pace.retry },
    { ...guarded, dependsOn: [...guarded.dependsOn, ...admission.ready] },
  );
  const logs = logService(config, guarded);
  return {
    platformKey,
    flux,
    git: git.login,
    argocd: engine,
    logs,
    gateway: running,
    authority,
    options: guarded,
    forTenants: {
      environment,
      repositories,
      brought: broughtRepositories(config, { store, isKept }),
      platformRecipient: platformKey.recipient,
      platformFormer: former,
      platformRepositoryId: repository.repositoryId,
      store,
      backup: platformKey.backup,
      podSecurityVersion,
      kubeconfig: cluster.handle.kubeconfig,
      exports: cluster.exports === undefined ? undefined : inHome(cluster.exports),
      pace,
      engines: enginesOf(config, repositories.kind, engine),
      grafana: grafanaPlatform(config, { podSecurityVersion, logs: logs?.access, login }),
      sampleImage: images.podinfo,
      countsRoutes: config.cluster.kind !== "local",
      domains: platformDomains(config),
      chartsImage: config.tenants.charts ? images.helmController : undefined,
      ready: [sync.ready],
      domain: config.ingress.kind === "none" ? undefined : tenantsDomain(config.ingress.domain),
      gateway: running,
      names: [],
    },
  };
}

/**
 * What is in a cluster that ends isn't deleted piece by piece first, whole controllers in the right order; and what its Git host
 * keeps outside stays as it is, tenants' keys above all.
 */
function endingWith(cluster: pulumi.Resource | undefined): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    cluster !== undefined && !type.startsWith("terp:")
      ? { props, opts: pulumi.mergeOptions(opts, { deletedWith: cluster }) }
      : undefined;
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { gitAccessData } from "../flux/gitAccess";
import { gitAccessSecret, reconcilerAccount, tenantKeySecret } from "../flux/names";
import { receiver } from "../flux/receiver";
import { gitRepositorySpec, kustomizationSpec, kustomizeApi, sourceApi } from "../flux/sync";
import { TenantGateway } from "../gateway/tenantGateway";
import { tenantRepository } from "../git/names";
import { grafana as grafanaComponent } from "../grafana/lazy";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { engineOf } from "./engine";
import { tenantGrafana } from "./grafana";
import { controlNamespaceName, namespaceName } from "./names";
import { robotAccount } from "./people";
import { environmentFolder, secretsFolder } from "./scaffold";
import type { Size, SizeClass } from "./sizes";
import { TenantSuspension } from "./suspension/suspension";
import { domainsOf, isProtected, isSound, type TenantArgs } from "./tenantArgs";
import { TenantKey } from "./tenantKey";
import { tenantCharts } from "./tenantCharts";
import { tenantEngine } from "./tenantEngine";
import { tenantFollowers } from "./tenantFollowers";
import { tenantNamespace } from "./tenantNamespace";
import { sshAccessOf, tenantSource, type TenantSource } from "./tenantSource";

/** A tenant's control namespace and the key in it. */
interface Control {
  readonly namespace: pulumi.Resource;
  readonly key: TenantKey;
  /** Accounts of the tenant's robots, and what lets its people see what becomes of their pushes. */
  readonly people: readonly pulumi.Resource[];
}

/**
 * A team with its namespaces: bounded, closed to others, and filled from a repository of its own by a reconciler that
 * can do no more than the team.
 *
 * Whatever of it exists in the cluster or at the Git host is taken over.
 */
export class TenantComponent extends pulumi.ComponentResource {
  /** The tenant's name. */
  readonly tenant: string;
  /** Full names of its namespaces. */
  readonly namespaces: readonly string[];
  /** What each of them may use. */
  readonly size: SizeClass | Size;
  /** The domains that it may claim host names of and below. */
  readonly domains: readonly string[];
  /** Public half of its age key, to which it encrypts its secrets. */
  readonly recipient: pulumi.Output<string>;
  /** Its repository, for people; without a slash at the end. */
  readonly repositoryUrl: pulumi.Output<string>;
  /**
   * Public half of the key that its repository is read with, as OpenSSH writes it; absent where the platform made the repository, and
   * gave it the key.
   */
  readonly deployKey?: pulumi.Output<string>;
  /** The repository of its services, for people; absent where it has none. */
  readonly servicesUrl?: pulumi.Output<string>;
  /** Its Grafana, for people; absent where it has none. A suspended tenant has none. */
  readonly grafanaUrl?: string;

  /**
   * @param name The tenant's name, e.g. `team-blue`.
   * @throws with everything that is wrong with what it is given, before any resource is made, where the platform doesn't collect it.
   */
  constructor(name: string, args: TenantArgs, options?: pulumi.ComponentResourceOptions) {
    // Before anything is registered.
    const canBeMade = isSound(name, args);
    super("terp:tenant:Tenant", name, {}, options);
    this.tenant = name;
    this.namespaces = args.namespaces.map((namespace) => namespaceName(name, namespace));
    this.size = args.size ?? "small";

    this.domains = domainsOf(name, args);

    if (!canBeMade) {
      this.recipient = this.repositoryUrl = pulumi.output("");
      return;
    }
    const control = this.control(name, args);
    this.recipient = control.key.recipient;
    const bounds = this.namespaces.flatMap(
      (namespace) => tenantNamespace(namespace, name, args, this).bounds,
    );
    const source = this.sync(args, control, [...bounds, ...this.gateway(args)]);
    this.repositoryUrl = source.webUrl;
    if (source.brought !== undefined) this.deployKey = source.publicKey;
    if (source.servicesUrl !== undefined) this.servicesUrl = source.servicesUrl;
    const grafana = args.suspended === true ? undefined : tenantGrafana(name, args, args.platform.grafana);
    if (grafana) {
      const { ready } = args.platform;
      const { Grafana } = grafanaComponent();
      this.grafanaUrl = new Grafana(logicalName("Grafana", name), grafana, {
        parent: this,
        dependsOn: [...ready],
      }).url;
    }
    this.registerOutputs({
      namespaces: this.namespaces,
      recipient: this.recipient,
      repositoryUrl: this.repositoryUrl,
      ...(this.deployKey && { deployKey: this.deployKey }),
    });
  }

  /** The namespace that the tenant doesn't see, and the key that Flux brings there. */
  private control(tenant: string, args: TenantArgs): Control {
    const { platform } = args;
    const protect = isProtected(args);
    const name = controlNamespaceName(tenant);
    const owner: Ownership = { environment: platform.environment, role: "control", tenant };
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", name),
      { metadata: metadata(owner, { name, labels: restrictedPods(platform.podSecurityVersion) }) },
      { parent: this, dependsOn: [...platform.ready], protect },
    );
    const key = new TenantKey(
      logicalName("TenantKey", tenant),
      {
        access: platform.repositories.access,
        ...platform.repositories.places.platform,
        tenant,
        namespace: name,
        platformRecipient: platform.platformRecipient,
        platformFormer: platform.platformFormer,
        repositoryId: platform.platformRepositoryId,
        store: platform.store,
        backup: platform.backup,
      },
      // Not before the namespace is there: Flux would fail to apply the key, and with it everybody else's.
      { parent: this, dependsOn: [namespace], protect },
    );
    const robots = (args.people?.robots ?? []).map((robot) => {
      const account = robotAccount(robot);
      return new kubernetes.core.v1.ServiceAccount(
        logicalName("ServiceAccount", account, name),
        {
          metadata: metadata(owner, { name: account, namespace: name }),
          automountServiceAccountToken: false,
        },
        { parent: this, dependsOn: [namespace] },
      );
    });
    return { namespace, key, people: [...robots, ...tenantFollowers(tenant, args, namespace, this)] };
  }

  /** The tenant's listeners, where the platform has a gateway. They are taken off with the last domain. */
  private gateway({ platform }: TenantArgs): readonly pulumi.Resource[] {
    const { environment, gateway, ready } = platform;
    if (gateway === undefined || this.domains.length === 0) return [];
    const { ready: listening } = new TenantGateway(
      logicalName("TenantGateway", this.tenant),
      { environment, tenant: this.tenant, domains: this.domains, gateway },
      { parent: this, dependsOn: [...ready] },
    );
    return listening;
  }

  /** The repository, and what applies it. */
  private sync(
    args: TenantArgs,
    control: Control,
    bounds: readonly pulumi.Resource[],
  ): TenantSource & { readonly servicesUrl?: pulumi.Output<string> | undefined } {
    const { platform, suspended = false } = args;
    const protect = isProtected(args);
    const inControl = { parent: this, dependsOn: [control.namespace], protect };
    const tenant = this.tenant;
    const namespace = controlNamespaceName(tenant);
    const owner: Ownership = { environment: platform.environment, role: "control", tenant };
    const own = (objectName: string): ReturnType<typeof metadata> =>
      metadata(owner, { name: objectName, namespace });
    const repository = tenantSource(
      {
        tenant,
        request: args,
        namespaces: this.namespaces,
        domains: this.domains,
        recipient: control.key.recipient,
      },
      { parent: this, protect },
    );
    const { knownHosts } = repository;
    const account = new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", reconcilerAccount, namespace),
      { metadata: own(reconcilerAccount), automountServiceAccountToken: false },
      inControl,
    );
    const access = new kubernetes.core.v1.Secret(
      logicalName("Secret", gitAccessSecret, namespace),
      {
        metadata: own(gitAccessSecret),
        stringData: gitAccessData({ privateKey: repository.privateKey, knownHosts }),
      },
      inControl,
    );
    const source = new kubernetes.apiextensions.CustomResource(
      logicalName("GitRepository", tenantRepository, namespace),
      {
        apiVersion: sourceApi,
        kind: "GitRepository",
        metadata: own(tenantRepository),
        spec: gitRepositorySpec({
          url: repository.sshUrl,
          branch: repository.branch,
          pace: platform.pace,
          isSuspended: suspended,
        }),
      },
      { ...inControl, dependsOn: [access] },
    );
    const { webhook } = repository;
    const heard =
      webhook === undefined
        ? []
        : [receiver({ owner, namespace, repository: tenantRepository, webhook }, inControl)];
    const charts =
      args.charts === true && platform.chartsImage !== undefined
        ? tenantCharts(
            {
              tenant,
              platform,
              image: platform.chartsImage,
              namespaces: this.namespaces,
              isSuspended: suspended,
              privateKey: repository.privateKey,
              knownHosts,
            },
            { ...inControl, dependsOn: [control.namespace, ...bounds] },
          )
        : [];
    const byArgocd = engineOf(args) === "argocd";
    const engine = tenantEngine(
      { tenant, request: args, namespaces: this.namespaces, repository },
      { parent: this, dependsOn: [source, account, ...bounds] },
    );
    // Last, and so the first to go: its reconciler needs its account and its rights to take away what it applied. And nothing
    // else goes where this is protected.
    const applied = new kubernetes.apiextensions.CustomResource(
      logicalName("Kustomization", tenantRepository, namespace),
      {
        apiVersion: kustomizeApi,
        kind: "Kustomization",
        metadata: own(tenantRepository),
        spec: kustomizationSpec({
          source: tenantRepository,
          path: `./${(byArgocd ? secretsFolder : environmentFolder)(platform.environment)}`,
          account: reconcilerAccount,
          keySecret: tenantKeySecret,
          prune: true,
          pace: platform.pace,
          isSuspended: suspended,
        }),
      },
      {
        ...inControl,
        dependsOn: [source, account, ...heard, ...charts, ...engine.ready, ...control.people, ...bounds],
      },
    );
    if (suspended) {
      new TenantSuspension(
        logicalName("TenantSuspension", tenant),
        {
          kubeconfig: platform.kubeconfig,
          access: platform.repositories.access,
          tenant,
          environment: platform.environment,
          namespaces: this.namespaces,
          ...platform.repositories.places.tenant(tenant),
          ...(repository.brought && { brought: sshAccessOf(repository) }),
          recipient: this.recipient,
          folder: platform.exports ?? "",
        },
        // Nothing may bring back what it stops.
        { parent: this, dependsOn: [applied] },
      );
    }
    return { ...repository, servicesUrl: engine.services?.url };
  }
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { gitAccessData } from "../flux/gitAccess";
import { gitAccessSecret, reconcilerAccount, tenantKeySecret } from "../flux/names";
import { receiver } from "../flux/receiver";
import { gitRepositorySpec, kustomizationSpec, kustomizeApi, sourceApi } from "../flux/sync";
import { TenantGateway } from "../gateway/tenantGateway";
import { defaultBranch, tenantRepository } from "../git/names";
import { Grafana } from "../grafana/grafana";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { tenantGrafana } from "./grafana";
import { controlNamespaceName, namespaceName } from "./names";
import { robotAccount } from "./people";
import { environmentFolder, scaffoldFiles, scaffoldSecrets, type ScaffoldArgs } from "./scaffold";
import type { Size, SizeClass } from "./sizes";
import { TenantSuspension } from "./suspension/suspension";
import { checkedName, domainsOf, isProtected, type TenantArgs } from "./tenantArgs";
import { TenantKey } from "./tenantKey";
import { tenantCharts } from "./tenantCharts";
import { tenantNamespace } from "./tenantNamespace";

/** A tenant's control namespace and the key in it. */
interface Control {
  readonly namespace: pulumi.Resource;
  readonly key: TenantKey;
  readonly robots: readonly pulumi.Resource[];
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
  /** Its Grafana, for people; absent where it has none. A suspended tenant has none. */
  readonly grafanaUrl?: string;

  /**
   * @param name The tenant's name, e.g. `team-blue`.
   * @throws with everything that is wrong with its names, before any resource is made.
   */
  constructor(name: string, args: TenantArgs, options?: pulumi.ComponentResourceOptions) {
    // Before anything is registered.
    super("terp:tenant:Tenant", checkedName(name, args), {}, options);
    this.tenant = name;
    this.namespaces = args.namespaces.map((namespace) => namespaceName(name, namespace));
    this.size = args.size ?? "small";

    this.domains = domainsOf(name, args);

    const control = this.control(name, args);
    this.recipient = control.key.recipient;
    const bounds = this.namespaces.flatMap(
      (namespace) => tenantNamespace(namespace, name, args, this).bounds,
    );
    this.repositoryUrl = this.sync(args, control, [...bounds, ...this.gateway(args)]);
    const grafana = args.suspended === true ? undefined : tenantGrafana(name, args, args.platform.grafana);
    if (grafana) {
      const { ready } = args.platform;
      this.grafanaUrl = new Grafana(logicalName("Grafana", name), grafana, {
        parent: this,
        dependsOn: [...ready],
      }).url;
    }
    this.registerOutputs({
      namespaces: this.namespaces,
      recipient: this.recipient,
      repositoryUrl: this.repositoryUrl,
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
    return { namespace, key, robots };
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
  ): pulumi.Output<string> {
    const { platform, suspended = false } = args;
    const protect = isProtected(args);
    const inControl = { parent: this, dependsOn: [control.namespace], protect };
    const tenant = this.tenant;
    const namespace = controlNamespaceName(tenant);
    const owner: Ownership = { environment: platform.environment, role: "control", tenant };
    const own = (objectName: string): ReturnType<typeof metadata> =>
      metadata(owner, { name: objectName, namespace });
    const scaffold: ScaffoldArgs = {
      tenant,
      environment: platform.environment,
      namespace: this.namespaces[0] ?? "",
      namespaces: this.namespaces,
      sampleImage: platform.sampleImage,
      host: platform.gateway === undefined ? undefined : this.domains[0],
      codeOwners: args.codeOwners ?? [],
      gitHost: platform.repositories.kind,
    };
    const place = platform.repositories.places.tenant(tenant);
    const repository = platform.repositories.make(
      {
        place,
        isTenants: true,
        purpose: `what runs for the tenant ${tenant}`,
        codeOwners: args.codeOwners,
        receiver: { namespace, name: tenantRepository },
        files: control.key.recipient.apply((recipient) => scaffoldFiles(scaffold, recipient)),
        sealedFiles: control.key.recipient.apply((recipient) => scaffoldSecrets(scaffold, recipient)),
      },
      { parent: this, protect },
    );
    const account = new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", reconcilerAccount, namespace),
      { metadata: own(reconcilerAccount), automountServiceAccountToken: false },
      inControl,
    );
    const access = new kubernetes.core.v1.Secret(
      logicalName("Secret", gitAccessSecret, namespace),
      {
        metadata: own(gitAccessSecret),
        stringData: gitAccessData({
          privateKey: repository.privateKey,
          knownHosts: platform.repositories.knownHosts,
        }),
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
          branch: defaultBranch,
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
            },
            { ...inControl, dependsOn: [control.namespace, ...bounds] },
          )
        : [];
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
          path: `./${environmentFolder(platform.environment)}`,
          account: reconcilerAccount,
          keySecret: tenantKeySecret,
          prune: true,
          pace: platform.pace,
          isSuspended: suspended,
        }),
      },
      { ...inControl, dependsOn: [source, account, ...heard, ...charts, ...control.robots, ...bounds] },
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
          ...place,
          recipient: this.recipient,
          folder: platform.exports ?? "",
        },
        // Nothing may bring back what it stops.
        { parent: this, dependsOn: [applied] },
      );
    }
    return repository.webUrl;
  }
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { StoreReference } from "../../infra/keys/store";
import { describeFaults } from "../../infra/fault";
import { gitAccessSecret, reconcilerAccount, tenantKeySecret } from "../flux/names";
import {
  gitAccess,
  gitRepositorySpec,
  kustomizationSpec,
  kustomizeApi,
  sourceApi,
  type SyncPace,
} from "../flux/sync";
import { defaultBranch, platformOrganisation, platformRepository, tenantRepository } from "../git/names";
import { Repository, repositorySshUrl, type GitHostAccess } from "../git/repository";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { controlNamespaceName, namespaceName, tenantsNameFaults, type TenantNames } from "./names";
import { tenantNetworkPolicy } from "./networkPolicy";
import { tenantRoleName } from "./roles";
import { environmentFolder, scaffoldFiles, scaffoldSecrets, type ScaffoldArgs } from "./scaffold";
import { limitsOf, quotaOf, sizeOf, type Size, type SizeClass } from "./sizes";
import { TenantKey } from "./tenantKey";

/** What the platform gives each tenant. Made once, by the services, and the same for all. */
export interface TenantPlatform {
  /** The stack's name. */
  readonly environment: string;
  /** The Git host, for the program. */
  readonly git: pulumi.Input<GitHostAccess>;
  /** Lines for `known_hosts` that name the Git host's keys. */
  readonly knownHosts: pulumi.Input<string>;
  /** Says which cluster reads with the deploy keys, e.g. `terp local`. */
  readonly deployKeyTitle: string;
  /** Public half of the platform's age key. */
  readonly platformRecipient: pulumi.Input<string>;
  /** The recipients whose place the platform's took. */
  readonly platformFormer: pulumi.Input<readonly string[]>;
  /** Which repository the platform repository is. */
  readonly platformRepositoryId: pulumi.Input<string>;
  /** Where the platform's key is backed up, and the tenants' sealed ones. */
  readonly store: StoreReference;
  /** Another one when that store has lost what was in it. */
  readonly backup: pulumi.Input<string>;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  readonly pace: SyncPace;
  /** The image of the example application. */
  readonly sampleImage: string;
  /** All that must be there before a tenant's objects. */
  readonly ready: readonly pulumi.Resource[];
  /** The tenants so far: names are unique over all of them. */
  readonly names: TenantNames[];
}

export interface TenantArgs {
  readonly platform: TenantPlatform;
  /** The tenant's namespaces, without the tenant's name: `["app"]` of `team-blue` makes `team-blue-app`. */
  readonly namespaces: readonly string[];
  /**
   * What each of its namespaces may use.
   *
   * @default "small"
   */
  readonly size?: SizeClass | Size;
}

/** A tenant's control namespace and the key in it. */
interface Control {
  readonly namespace: pulumi.Resource;
  readonly key: TenantKey;
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
  /** Public half of its age key, to which it encrypts its secrets. */
  readonly recipient: pulumi.Output<string>;
  /** Its repository, for people; without a slash at the end. */
  readonly repositoryUrl: pulumi.Output<string>;

  /**
   * @param name The tenant's name, e.g. `team-blue`.
   * @throws with everything that is wrong with its names, before any resource is made.
   */
  constructor(name: string, args: TenantArgs, options?: pulumi.ComponentResourceOptions) {
    // Before anything is registered.
    super("terp:tenant:Tenant", checkedName(name, args), {}, options);
    const { platform } = args;
    this.tenant = name;
    this.namespaces = args.namespaces.map((namespace) => namespaceName(name, namespace));

    const control = this.control(name, platform);
    this.recipient = control.key.recipient;
    const bounds = this.namespaces.flatMap((namespace) => this.namespace(namespace, args));
    this.repositoryUrl = this.sync(platform, control, bounds);
    this.registerOutputs({
      namespaces: this.namespaces,
      recipient: this.recipient,
      repositoryUrl: this.repositoryUrl,
    });
  }

  /** The namespace that the tenant doesn't see, and the key that Flux brings there. */
  private control(tenant: string, platform: TenantPlatform): Control {
    const name = controlNamespaceName(tenant);
    const owner: Ownership = { environment: platform.environment, role: "control", tenant };
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", name),
      { metadata: metadata(owner, { name, labels: restrictedPods(platform.podSecurityVersion) }) },
      { parent: this, dependsOn: [...platform.ready] },
    );
    const key = new TenantKey(
      logicalName("TenantKey", tenant),
      {
        access: platform.git,
        organisation: platformOrganisation,
        repository: platformRepository,
        tenant,
        namespace: name,
        platformRecipient: platform.platformRecipient,
        platformFormer: platform.platformFormer,
        repositoryId: platform.platformRepositoryId,
        store: platform.store,
        backup: platform.backup,
      },
      // Not before the namespace is there: Flux would fail to apply the key, and with it everybody else's.
      { parent: this, dependsOn: [namespace] },
    );
    return { namespace, key };
  }

  /** One of the tenant's own namespaces. Returns what lets the reconciler work there. */
  private namespace(name: string, args: TenantArgs): pulumi.Resource[] {
    const { platform } = args;
    const owner: Ownership = { environment: platform.environment, role: "tenant", tenant: this.tenant };
    const own = (objectName: string): ReturnType<typeof metadata> =>
      metadata(owner, { name: objectName, namespace: name });
    const size = sizeOf(args.size ?? "small");
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", name),
      { metadata: metadata(owner, { name, labels: restrictedPods(platform.podSecurityVersion) }) },
      { parent: this, dependsOn: [...platform.ready] },
    );
    const within = { parent: this, dependsOn: [namespace] };
    const quota = new kubernetes.core.v1.ResourceQuota(
      logicalName("ResourceQuota", "terp", name),
      { metadata: own("terp"), spec: { hard: quotaOf(size) } },
      within,
    );
    const limits = new kubernetes.core.v1.LimitRange(
      logicalName("LimitRange", "terp", name),
      { metadata: own("terp"), spec: { limits: limitsOf(size) } },
      within,
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", "terp", name),
      { metadata: own("terp"), spec: tenantNetworkPolicy(this.tenant) },
      within,
    );
    const binding = new kubernetes.rbac.v1.RoleBinding(
      logicalName("RoleBinding", tenantRoleName, name),
      {
        metadata: own(tenantRoleName),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: tenantRoleName },
        subjects: [
          { kind: "ServiceAccount", name: reconcilerAccount, namespace: controlNamespaceName(this.tenant) },
        ],
      },
      within,
    );
    // Nothing runs there before it is bounded and closed.
    return [quota, limits, policy, binding];
  }

  /** The repository, and what applies it. */
  private sync(
    platform: TenantPlatform,
    control: Control,
    bounds: readonly pulumi.Resource[],
  ): pulumi.Output<string> {
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
    };
    const repository = new Repository(
      logicalName("Repository", tenantRepository, tenant),
      {
        access: platform.git,
        organisation: tenant,
        repository: tenantRepository,
        purpose: `what runs for the tenant ${tenant}`,
        deployKeyTitle: platform.deployKeyTitle,
        files: control.key.recipient.apply((recipient) => scaffoldFiles(scaffold, recipient)),
        sealedFiles: control.key.recipient.apply((recipient) => scaffoldSecrets(scaffold, recipient)),
      },
      { parent: this },
    );
    const account = new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", reconcilerAccount, namespace),
      { metadata: own(reconcilerAccount), automountServiceAccountToken: false },
      { parent: this, dependsOn: [control.namespace] },
    );
    const access = new kubernetes.core.v1.Secret(
      logicalName("Secret", gitAccessSecret, namespace),
      {
        metadata: own(gitAccessSecret),
        stringData: pulumi.secret(
          pulumi
            .all([repository.privateKey, platform.knownHosts])
            .apply(([privateKey, hosts]) => gitAccess(privateKey, hosts)),
        ),
      },
      { parent: this, dependsOn: [control.namespace] },
    );
    const source = new kubernetes.apiextensions.CustomResource(
      logicalName("GitRepository", tenantRepository, namespace),
      {
        apiVersion: sourceApi,
        kind: "GitRepository",
        metadata: own(tenantRepository),
        spec: gitRepositorySpec({
          url: repositorySshUrl(tenant, tenantRepository),
          branch: defaultBranch,
          pace: platform.pace,
        }),
      },
      { parent: this, dependsOn: [access] },
    );
    // Last, and so the first to go: its reconciler needs its account and its rights to take away what it applied.
    new kubernetes.apiextensions.CustomResource(
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
        }),
      },
      { parent: this, dependsOn: [source, account, ...bounds] },
    );
    const address = pulumi.output(platform.git).apply((git) => `${git.url}/${tenant}/${tenantRepository}`);
    // Secret only because it stands beside the password.
    return pulumi.unsecret(address);
  }
}

/** The tenant's name, which counts as taken from now on. @throws with everything that is wrong with its names */
function checkedName(name: string, { namespaces, platform }: TenantArgs): string {
  const names: TenantNames = { tenant: name, namespaces };
  const others = platform.names;
  const known = others.length;
  others.push(names);
  const faults = tenantsNameFaults("tenants", others).filter((fault) =>
    fault.path.startsWith(`tenants[${String(known)}]`),
  );
  if (faults.length > 0) {
    throw new pulumi.RunError(
      `tenant "${names.tenant}":\n${describeFaults(faults.map((fault) => ({ ...fault, path: fault.path.replace(/^tenants\[\d+\]\.?/, "") })))}`,
    );
  }
  return name;
}

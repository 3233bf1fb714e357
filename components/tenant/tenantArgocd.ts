import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { applicationSpec, projectSpec } from "../argocd/application";
import {
  applicationController,
  argocdApi,
  argocdNamespace,
  impersonatorRole,
  repositoryAccessSecret,
} from "../argocd/names";
import { reconcilerAccount } from "../flux/names";
import { logicalName, metadata, type Ownership } from "../metadata";
import { argocdRepositorySecret } from "./argocdRepositorySecret";
import { managedKinds } from "./managedKinds";
import { controlNamespaceName } from "./names";
import type { People } from "./people";
import { environmentFolder } from "./scaffold";
import type { TenantPlatform } from "./tenantArgs";
import type { TenantSource } from "./tenantSource";

/** What {@link tenantArgocd} makes is for. */
export interface TenantArgocdArgs {
  readonly tenant: string;
  readonly platform: TenantPlatform;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
  readonly people: People;
  readonly isSuspended: boolean;
  readonly repository: Pick<TenantSource, "sshUrl" | "branch" | "privateKey">;
  /** SSH URLs of repositories that it may have more applied from. */
  readonly others: readonly string[];
}

/**
 * Makes what Argo CD applies a tenant's repository by: a project that ends at the tenant's namespaces, what reads the repository, the
 * right to act as the tenant's reconciler, and the Application.
 *
 * The Application has no finalizer: what it applied stays when it goes.
 *
 * @returns all of it.
 */
export function tenantArgocd(
  args: TenantArgocdArgs,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const { tenant, platform, namespaces, isSuspended } = args;
  const { sshUrl: repository, branch } = args.repository;
  const control = controlNamespaceName(tenant);
  const owner: Ownership = { environment: platform.environment, role: "platform", tenant };
  const right = new kubernetes.rbac.v1.RoleBinding(
    logicalName("RoleBinding", impersonatorRole, control),
    {
      metadata: metadata({ ...owner, role: "control" }, { name: impersonatorRole, namespace: control }),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: impersonatorRole },
      // Nothing is applied for a suspended tenant, whatever its Applications say.
      subjects: isSuspended
        ? []
        : [{ kind: "ServiceAccount", name: applicationController, namespace: argocdNamespace }],
    },
    options,
  );
  const project = new kubernetes.apiextensions.CustomResource(
    logicalName("AppProject", tenant, argocdNamespace),
    {
      apiVersion: argocdApi,
      kind: "AppProject",
      metadata: metadata(owner, { name: tenant, namespace: argocdNamespace }),
      spec: projectSpec({
        tenant,
        repositories: [repository, ...args.others],
        namespaces,
        kinds: managedKinds,
        account: `${control}:${reconcilerAccount}`,
        groups: projectGroups(args),
      }),
    },
    options,
  );
  const access = argocdRepositorySecret(
    { owner, name: repositoryAccessSecret(tenant), project: tenant, repository: args.repository },
    options,
  );
  const application = new kubernetes.apiextensions.CustomResource(
    logicalName("Application", tenant, argocdNamespace),
    {
      apiVersion: argocdApi,
      kind: "Application",
      metadata: metadata(owner, { name: tenant, namespace: argocdNamespace }),
      spec: applicationSpec({
        tenant,
        repository,
        branch,
        path: environmentFolder(platform.environment),
        namespace: namespaces[0] ?? "",
        retry: platform.pace.retry,
        isSuspended,
      }),
    },
    pulumi.mergeOptions(options, { dependsOn: [right, project, access] }),
  );
  return [right, project, access, application];
}

/** The tenant's people, by the names that the identity provider has for their groups. */
function projectGroups({ people, platform }: TenantArgocdArgs): {
  owners: readonly string[];
  viewers: readonly string[];
} {
  const prefix = platform.engines?.groupsPrefix ?? "";
  const named = (groups: readonly string[] = []): readonly string[] =>
    groups.map((group) => (group.startsWith(prefix) ? group.slice(prefix.length) : group));
  return { owners: named(people.owners), viewers: [...named(people.developers), ...named(people.viewers)] };
}

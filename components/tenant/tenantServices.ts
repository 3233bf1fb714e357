import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { syncPolicy } from "../argocd/application";
import {
  applicationController,
  argocdApi,
  argocdNamespace,
  removerRole,
  servicesAccessSecret,
  servicesSetName,
} from "../argocd/names";
import { defaultBranch } from "../git/names";
import { logicalName, metadata, type Ownership } from "../metadata";
import { serviceApplications } from "../service/applicationSet";
import { argocdRepositorySecret } from "./argocdRepositorySecret";
import { engineWebhook } from "./engine";
import { servicesScaffold } from "./servicesScaffold";
import { isProtected, type TenantArgs } from "./tenantArgs";

/** What {@link tenantServices} makes is for. */
export interface TenantServicesArgs {
  readonly tenant: string;
  readonly request: TenantArgs;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
}

/** A tenant's services as they are made of files. */
export interface TenantServices {
  /** The repository with their files, for people. */
  readonly url: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Makes a repository with a small file for each of a tenant's services, and what has Argo CD make an Application of each.
 *
 * An Application that goes takes along what it applied. Argo CD deletes that as itself: so it may delete in this tenant's namespaces,
 * and there only what is marked as the Application's and its project allows. A suspended tenant's leave behind what they applied,
 * for its namespaces to take along: nothing that a tenant wrote can then hold up its end.
 *
 * @param options What must be there before: the tenant's project above all.
 */
export function tenantServices(
  { tenant, request, namespaces }: TenantServicesArgs,
  options: pulumi.CustomResourceOptions,
): TenantServices | undefined {
  const { platform, suspended = false, codeOwners = [] } = request;
  const making = platform.engines?.services;
  if (request.services !== true || making === undefined) return undefined;
  const { environment, repositories, pace } = platform;
  const place = repositories.places.services(tenant);
  const protect = isProtected(request);
  const owner: Ownership = { environment, role: "platform", tenant };
  const repository = repositories.make(
    {
      place,
      isTenants: true,
      purpose: `the services of the tenant ${tenant}, a file each`,
      codeOwners,
      // Of a chart that is in it. Files are looked for at an interval: no address reaches what does.
      webhook: engineWebhook(request),
      files: servicesScaffold({
        tenant,
        environment,
        url: repositories.sshUrlOf(place),
        codeOwners,
        gitHost: repositories.kind,
        starter: making.starter(),
      }),
    },
    options.parent === undefined ? { protect } : { parent: options.parent, protect },
  );
  const rights = namespaces.map(
    (namespace) =>
      new kubernetes.rbac.v1.RoleBinding(
        logicalName("RoleBinding", removerRole, namespace),
        {
          metadata: metadata({ ...owner, role: "tenant" }, { name: removerRole, namespace }),
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: removerRole },
          subjects: [{ kind: "ServiceAccount", name: applicationController, namespace: argocdNamespace }],
        },
        options,
      ),
  );
  const access = argocdRepositorySecret(
    { owner, name: servicesAccessSecret(tenant), project: tenant, repository },
    options,
  );
  const set = new kubernetes.apiextensions.CustomResource(
    logicalName("ApplicationSet", servicesSetName(tenant), argocdNamespace),
    {
      apiVersion: argocdApi,
      kind: "ApplicationSet",
      metadata: metadata(owner, { name: servicesSetName(tenant), namespace: argocdNamespace }),
      spec: serviceApplications({
        tenant,
        environment,
        repository: { url: repository.sshUrl, branch: defaultBranch },
        everySeconds: making.everySeconds,
        syncPolicy: syncPolicy({ retry: pace.retry, isSuspended: suspended }),
        keepsObjects: suspended,
      }),
    },
    // It is gone when its Applications are, and they need all of this to take away what they applied.
    pulumi.mergeOptions(options, { dependsOn: [...rights, access], protect }),
  );
  return { url: repository.webUrl, ready: [...rights, access, set] };
}

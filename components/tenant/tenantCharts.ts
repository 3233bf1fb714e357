import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { chartControllerNetwork, chartControllerRole, chartControllerSpec } from "../flux/chartController";
import { helmController, ownRepositorySecret } from "../flux/names";
import { gitAccessData } from "../flux/gitAccess";
import { logicalName, metadata, type ObjectMetadata, type Ownership } from "../metadata";
import { controlNamespaceName } from "./names";
import type { TenantPlatform } from "./tenantArgs";

/** What {@link tenantCharts} makes is for. */
export interface TenantChartsArgs {
  readonly tenant: string;
  readonly platform: TenantPlatform;
  /** The image of helm-controller. */
  readonly image: string;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
  readonly isSuspended: boolean;
  /** The private half of the deploy key of the tenant's repository. Secret. */
  readonly privateKey: pulumi.Input<string>;
  /** Lines for `known_hosts` that name its host. */
  readonly knownHosts: pulumi.Input<string>;
}

/**
 * Makes a tenant's own helm-controller, in the control namespace, and what it needs in each of the tenant's own: its rights, and
 * what reads the tenant's repository, so that its charts may lie there.
 *
 * @returns all of it: what must be there before the repository is applied.
 */
export function tenantCharts(
  args: TenantChartsArgs,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const inOwn = args.namespaces.flatMap((namespace) => chartsIn(namespace, args, options));
  const namespace = controlNamespaceName(args.tenant);
  const own = metadataIn(args, namespace, "control");
  const account = new kubernetes.core.v1.ServiceAccount(
    logicalName("ServiceAccount", helmController, namespace),
    { metadata: own(helmController), automountServiceAccountToken: true },
    options,
  );
  const network = new kubernetes.networking.v1.NetworkPolicy(
    logicalName("NetworkPolicy", helmController, namespace),
    { metadata: own(helmController), spec: chartControllerNetwork },
    options,
  );
  const controller = new kubernetes.apps.v1.Deployment(
    logicalName("Deployment", helmController, namespace),
    { metadata: own(helmController), spec: chartControllerSpec(args) as never },
    pulumi.mergeOptions(options, { dependsOn: [account, network, ...inOwn] }),
  );
  return [account, network, controller, ...inOwn];
}

function chartsIn(
  namespace: string,
  args: TenantChartsArgs,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const own = metadataIn(args, namespace, "tenant");
  const control = controlNamespaceName(args.tenant);
  const rights = new kubernetes.rbac.v1.RoleBinding(
    logicalName("RoleBinding", chartControllerRole, namespace),
    {
      metadata: own(chartControllerRole),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: chartControllerRole },
      subjects: [{ kind: "ServiceAccount", name: helmController, namespace: control }],
    },
    options,
  );
  const access = new kubernetes.core.v1.Secret(
    logicalName("Secret", ownRepositorySecret, namespace),
    {
      metadata: own(ownRepositorySecret),
      stringData: gitAccessData(args),
    },
    options,
  );
  return [rights, access];
}

function metadataIn(
  { tenant, platform }: TenantChartsArgs,
  namespace: string,
  role: Ownership["role"],
): (name: string) => ObjectMetadata {
  const owner: Ownership = { environment: platform.environment, role, tenant };
  return (name) => metadata(owner, { name, namespace });
}

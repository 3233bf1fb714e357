import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { reconcilerAccount } from "../flux/names";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { claimAnnotations, withOwnRepository } from "./admission/claims";
import { controlNamespaceName } from "./names";
import { reachLabels, tenantNetworkPolicy } from "./networkPolicy";
import { peopleSubjects, type Subject } from "./people";
import { tenantRoleName } from "./roles";
import { limitsOf, quotaOf, sizeOf } from "./sizes";
import { domainsOf, isProtected, type TenantArgs } from "./tenantArgs";

/** One of a tenant's own namespaces. */
export interface TenantNamespace {
  readonly namespace: pulumi.Resource;
  /** What lets the reconciler work there, and bounds it. */
  readonly bounds: readonly pulumi.Resource[];
}

/**
 * Makes one of a tenant's own namespaces: bounded, closed to others, and open to its own reconciler and people.
 *
 * @param name The namespace's full name.
 * @param parent The tenant.
 */
export function tenantNamespace(
  name: string,
  tenant: string,
  args: TenantArgs,
  parent: pulumi.Resource,
): TenantNamespace {
  const { platform, reaches = [], ranges = [], suspended = false } = args;
  const owner: Ownership = { environment: platform.environment, role: "tenant", tenant };
  const own = (objectName: string): ReturnType<typeof metadata> =>
    metadata(owner, { name: objectName, namespace: name });
  // Beside a repository of the tenant's own, others' may lie.
  const sources = args.repository === undefined ? platform.repositories.sourcesOf?.(tenant) : undefined;
  const size = sizeOf(args.size ?? "small");
  const protect = isProtected(args);
  const claims = { ...args, domains: domainsOf(tenant, args) };
  const namespace = new kubernetes.core.v1.Namespace(
    logicalName("Namespace", name),
    {
      metadata: metadata(owner, {
        name,
        labels: { ...restrictedPods(platform.podSecurityVersion), ...reachLabels(reaches) },
        annotations: claimAnnotations(args.charts === true ? withOwnRepository(claims, sources) : claims),
      }),
    },
    { parent, dependsOn: [...platform.ready], protect },
  );
  const within = { parent, dependsOn: [namespace], protect };
  const quota = new kubernetes.core.v1.ResourceQuota(
    logicalName("ResourceQuota", "terp", name),
    { metadata: own("terp"), spec: { hard: quotaOf(size, platform.countsRoutes) } },
    within,
  );
  const limits = new kubernetes.core.v1.LimitRange(
    logicalName("LimitRange", "terp", name),
    { metadata: own("terp"), spec: { limits: limitsOf(size) } },
    within,
  );
  const policy = new kubernetes.networking.v1.NetworkPolicy(
    logicalName("NetworkPolicy", "terp", name),
    {
      metadata: own("terp"),
      spec: tenantNetworkPolicy(tenant, { tenants: reaches, ranges, isSuspended: suspended }),
    },
    within,
  );
  const bind = (
    role: string,
    subjects: readonly Subject[],
    options: pulumi.CustomResourceOptions,
  ): kubernetes.rbac.v1.RoleBinding =>
    new kubernetes.rbac.v1.RoleBinding(
      logicalName("RoleBinding", role, name),
      {
        metadata: own(role),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: subjects.map((subject) => ({ ...subject })),
      },
      options,
    );
  const reconcilers: readonly Subject[] = [
    { kind: "ServiceAccount", name: reconcilerAccount, namespace: controlNamespaceName(tenant) },
    // As this one Flux applies what the tenant adds in the namespace itself. There need be no such account to act as it.
    { kind: "ServiceAccount", name: reconcilerAccount, namespace: name },
  ];
  const reconciler = bind(tenantRoleName, reconcilers, within);
  // A right can be withdrawn at any time, which deletes its binding.
  const people = peopleSubjects(args.people ?? {}, controlNamespaceName(tenant)).map(({ role, subjects }) =>
    bind(role, subjects, { parent, dependsOn: [namespace] }),
  );
  // Nothing runs there before it is bounded and closed.
  return {
    namespace,
    bounds: [
      quota,
      limits,
      policy,
      reconciler,
      ...people,
      ...ownReconciler(name, args, { owner, options: { parent, dependsOn: [namespace] } }),
    ],
  };
}

/**
 * The account that a tenant's own Kustomizations and HelmReleases name, where it may have any. They are applied without it too, but what
 * they applied would stay when they go: Flux looks whether the account is there before it takes anything away. Admission keeps pods, and
 * whoever asks for a token, from it.
 */
function ownReconciler(
  namespace: string,
  { sources = [], charts = false }: TenantArgs,
  { owner, options }: { readonly owner: Ownership; readonly options: pulumi.CustomResourceOptions },
): readonly pulumi.Resource[] {
  if (sources.length === 0 && !charts) return [];
  return [
    new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", reconcilerAccount, namespace),
      {
        metadata: metadata(owner, { name: reconcilerAccount, namespace }),
        automountServiceAccountToken: false,
      },
      options,
    ),
  ];
}

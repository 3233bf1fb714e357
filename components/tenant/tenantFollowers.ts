import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type Ownership } from "../metadata";
import { controlNamespaceName } from "./names";
import { everybody } from "./people";
import { followerRoleName } from "./roles";
import type { TenantArgs } from "./tenantArgs";

/**
 * What lets the tenant's people see whether their repository is applied, and why not. It can be withdrawn at any time.
 *
 * @param within The tenant's control namespace.
 */
export function tenantFollowers(
  tenant: string,
  { people = {}, platform }: TenantArgs,
  within: pulumi.Resource,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const namespace = controlNamespaceName(tenant);
  const subjects = everybody(people, namespace);
  if (subjects.length === 0) return [];
  const owner: Ownership = { environment: platform.environment, role: "control", tenant };
  const name = followerRoleName;
  return [
    new kubernetes.rbac.v1.RoleBinding(
      logicalName("RoleBinding", name, namespace),
      {
        metadata: metadata(owner, { name, namespace }),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: subjects.map((subject) => ({ ...subject })),
      },
      { parent, dependsOn: [within] },
    ),
  ];
}

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type Ownership } from "../metadata";
import type { PolicyRule } from "../policyRule";
import { grafanaName, ownChannel, ownDashboards } from "./names";

/** Who fills a tenant's Grafana: its reconciler, and its owners, who may do what its repository may. */
export interface Writer {
  readonly kind: "Group" | "ServiceAccount";
  readonly name: string;
  readonly namespace?: string;
  readonly apiGroup?: string;
}

const verbs = ["get", "create", "update", "patch", "delete"];

/**
 * What a tenant may do in its Grafana's namespace: write its dashboards and its channel by name, and have Grafana start anew with
 * them. It reads no other Secret there, starts no pod and enters none.
 *
 * A name bounds `create` only where the request has one, which Flux's has: it applies.
 */
export const ownRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["configmaps"], resourceNames: [ownDashboards], verbs },
  { apiGroups: [""], resources: ["secrets"], resourceNames: [ownChannel], verbs },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "delete"] },
];

/** Lets a tenant fill its Grafana. */
export function ownRights(
  owner: Ownership,
  namespace: string,
  writers: readonly Writer[],
  options: pulumi.CustomResourceOptions,
): void {
  const own = metadata(owner, { name: grafanaName, namespace });
  new kubernetes.rbac.v1.Role(
    logicalName("Role", grafanaName, namespace),
    { metadata: own, rules: ownRules.map((rule) => ({ ...rule })) },
    options,
  );
  new kubernetes.rbac.v1.RoleBinding(
    logicalName("RoleBinding", grafanaName, namespace),
    {
      metadata: own,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: grafanaName },
      subjects: writers.map((writer) => ({ ...writer })),
    },
    options,
  );
}

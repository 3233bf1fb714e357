import type { types } from "@pulumi/kubernetes";

/** A rule of a role, as the Kubernetes API has it. */
export type PolicyRule = types.input.rbac.v1.PolicyRule;

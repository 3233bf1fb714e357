import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata } from "../metadata";
import { tenantRoleName, tenantRules } from "./roles";

export interface TenantRoleArgs {
  /** The stack's name. */
  readonly environment: string;
}

/** The role that tenants' reconcilers are bound to in their tenants' namespaces. One for all tenants. */
export class TenantRole extends pulumi.ComponentResource {
  /** What must be there before a binding to the role. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: TenantRoleArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:tenant:TenantRole", name, {}, options);
    this.ready = [
      new kubernetes.rbac.v1.ClusterRole(
        logicalName("ClusterRole", tenantRoleName),
        {
          metadata: metadata({ environment: args.environment, role: "platform" }, { name: tenantRoleName }),
          rules: tenantRules,
        },
        { parent: this },
      ),
    ];
    this.registerOutputs({});
  }
}

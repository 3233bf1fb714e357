import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { chartControllerRole, chartControllerRules } from "../flux/chartController";
import { logicalName, metadata } from "../metadata";
import { personRoleName } from "./people";
import {
  developerRules,
  followerRoleName,
  followerRules,
  ownerRules,
  robotRules,
  tenantRoleName,
  tenantRules,
  viewerRules,
  type Rule,
} from "./roles";

export interface TenantRolesArgs {
  /** The stack's name. */
  readonly environment: string;
  /**
   * Whether tenants may have a helm-controller of their own.
   *
   * @default false
   */
  readonly charts?: boolean;
}

const roles: Readonly<Record<string, readonly Rule[]>> = {
  [tenantRoleName]: tenantRules,
  [personRoleName("owners")]: ownerRules,
  [personRoleName("developers")]: developerRules,
  [personRoleName("viewers")]: viewerRules,
  [personRoleName("robots")]: robotRules,
  [followerRoleName]: followerRules,
};

/** The roles that tenants' reconcilers, people and robots are bound to in their tenants' namespaces. One set for all tenants. */
export class TenantRoles extends pulumi.ComponentResource {
  /** What must be there before a binding to one of the roles. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: TenantRolesArgs, options?: pulumi.ComponentResourceOptions) {
    // There was one role only.
    const aliases: pulumi.Alias[] = [{ type: "terp:tenant:TenantRole", name: "tenant-role" }];
    super("terp:tenant:TenantRoles", name, {}, pulumi.mergeOptions(options, { aliases }));
    const wanted = args.charts === true ? { ...roles, [chartControllerRole]: chartControllerRules } : roles;
    this.ready = Object.entries(wanted).map(
      ([roleName, rules]) =>
        new kubernetes.rbac.v1.ClusterRole(
          logicalName("ClusterRole", roleName),
          {
            metadata: metadata({ environment: args.environment, role: "platform" }, { name: roleName }),
            rules: [...rules],
          },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}

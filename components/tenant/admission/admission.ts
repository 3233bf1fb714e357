import * as pulumi from "@pulumi/pulumi";

import { admissionPolicy } from "../../admissionPolicy";
import type { Ownership } from "../../metadata";
import { administrators, type Trusted } from "../trusted";
import { tenantPolicies } from "./policies";

export interface TenantAdmissionArgs {
  /** The stack's name. */
  readonly environment: string;
  /**
   * To whom the policies don't apply: who deploys the platform.
   *
   * @default administrators
   */
  readonly trusted?: Trusted;
}

/**
 * Bounds what tenants may do in their own namespaces, beside their rights: one policy for all tenants, which reads what each may
 * claim from annotations of its namespaces.
 */
export class TenantAdmission extends pulumi.ComponentResource {
  /** What must be there before a tenant may write anything. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: TenantAdmissionArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:tenant:TenantAdmission", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    this.ready = tenantPolicies(args.trusted ?? administrators).map(({ name: called, spec }) =>
      admissionPolicy({ owner, name: called, spec }, this),
    );
    this.registerOutputs({});
  }
}

import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../infra/dynamic";
import type { StoreReference } from "../../infra/keys/store";
import type { GitHostAccess } from "../git/access";

export interface TenantKeyArgs {
  readonly access: pulumi.Input<GitHostAccess>;
  /** The platform repository, where the key is kept. */
  readonly organisation: string;
  readonly repository: string;
  readonly tenant: string;
  /** The tenant's control namespace, which Flux puts the key into. */
  readonly namespace: pulumi.Input<string>;
  /** The platform's age recipient, to which the key is encrypted. */
  readonly platformRecipient: pulumi.Input<string>;
  /** The recipients whose place that one took. */
  readonly platformFormer: pulumi.Input<readonly string[]>;
  /** Which repository the platform repository is: one that was made anew gets the key again. */
  readonly repositoryId: pulumi.Input<string>;
  /** Where the sealed key has its copy. Plain: which store it is decides before a run. */
  readonly store: StoreReference;
  /** Another one when the store has lost what was in it: then the copy is put there again. */
  readonly backup: pulumi.Input<string>;
}

/**
 * A tenant's age key, kept in the platform repository encrypted to the platform's recipient, and as it is there in the
 * platform's store: the one that either has, or a new one. Only the public half reaches the state.
 *
 * Removing the resource retires the key: it stays in the repository, and a tenant of that name gets it back.
 */
export class TenantKey extends DynamicResource {
  /** The public half, `age1…`. */
  declare readonly recipient: pulumi.Output<string>;

  constructor(name: string, args: TenantKeyArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/tenant/tenantKeyProvider"),
      { area: "tenant", kind: "TenantKey" },
      name,
      { ...args, recipient: undefined },
      { ...options, additionalSecretOutputs: ["access"] },
    );
  }
}

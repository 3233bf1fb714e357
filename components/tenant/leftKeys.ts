import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../infra/dynamic";
import type { GitHostAccess } from "../git/access";

export interface LeftKeysArgs {
  readonly access: pulumi.Input<GitHostAccess>;
  /** The platform repository, where keys are kept. */
  readonly organisation: string;
  readonly repository: string;
  /** Which repository that is: in one that was made anew or brought back it looks again. */
  readonly repositoryId: pulumi.Input<string>;
  /** The tenants that the program has. */
  readonly tenants: readonly string[];
}

/**
 * Retires the keys that the platform repository has of tenants which the program hasn't: those that were taken out of it while there
 * was no state to know of it. Flux would put such a key into a namespace that isn't made any more, fail, and bring nobody's.
 *
 * Removing it does nothing.
 */
export class LeftKeys extends DynamicResource {
  constructor(name: string, args: LeftKeysArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/tenant/leftKeysProvider"),
      { area: "tenant", kind: "LeftKeys" },
      name,
      { ...args },
      { ...options, additionalSecretOutputs: ["access"] },
    );
  }
}

import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../infra/dynamic";

export interface CountedKindsArgs {
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The kinds, as a quota names them behind `count/`, e.g. `gitrepositories.source.toolkit.fluxcd.io`. */
  readonly kinds: readonly string[];
}

/**
 * A cluster that counts objects of these kinds, whose definitions may be seconds old: it is made when a new quota is at once
 * worth something. A quota that is made earlier refuses every object of such a kind for up to five minutes.
 */
export class CountedKinds extends DynamicResource {
  constructor(name: string, args: CountedKindsArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/tenant/countedKindsProvider"),
      { area: "tenant", kind: "CountedKinds" },
      name,
      { kubeconfig: args.kubeconfig, kinds: [...args.kinds].sort() },
      { ...options, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}

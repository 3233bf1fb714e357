import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../../infra/dynamic";
import type { GitHostAccess } from "../../git/access";
import type { SshAccess } from "../../git/bundle";

export interface TenantSuspensionArgs {
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly access: pulumi.Input<GitHostAccess>;
  readonly tenant: string;
  /** The stack's name. */
  readonly environment: string;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
  /** Where the tenant's repository is that the platform makes. */
  readonly organisation: string;
  readonly repository: string;
  /** How it is read, where the tenant brought it along. Secret. */
  readonly brought?: pulumi.Input<SshAccess>;
  /** Public half of the tenant's age key: Secrets are exported encrypted to it. */
  readonly recipient: pulumi.Input<string>;
  /** The folder that gets the export, on the machine that the program runs on. */
  readonly folder: string;
}

/**
 * What a suspended tenant has beside its namespaces: an export of all that it is (manifests, its Secrets encrypted to its
 * own key, its repository, the list of its volumes), written once, before its own reconciliations and network policies end.
 *
 * Removing it leaves the export. What was stopped goes on when Flux applies the repository again.
 */
export class TenantSuspension extends DynamicResource {
  /** The folder with the export. */
  declare readonly exportedTo: pulumi.Output<string>;

  constructor(name: string, args: TenantSuspensionArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/tenant/suspension/suspensionProvider"),
      { area: "tenant", kind: "TenantSuspension" },
      name,
      { ...args, exportedTo: undefined },
      { ...options, additionalSecretOutputs: ["kubeconfig", "access", "brought"] },
    );
  }
}

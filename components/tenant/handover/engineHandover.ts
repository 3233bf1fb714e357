import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../../infra/dynamic";
import type { Engine } from "../engine";

export interface EngineHandoverArgs {
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly tenant: string;
  /** The engine that the tenant has from now on. */
  readonly engine: Engine;
  /** Folder of the tenant's repository with what Flux applies under Argo CD, as its Kustomization names it. */
  readonly secretsPath: string;
  /** Full names of the tenant's own namespaces: what a suspension stopped there goes on. */
  readonly namespaces: readonly string[];
}

/**
 * What happens when a tenant gets another engine: the former one lets go of what it applied, so that it takes none of it away and
 * holds none of its fields. It comes before the tenant's Kustomization, and where Argo CD is to apply, after the Application.
 */
export class EngineHandover extends DynamicResource {
  constructor(name: string, args: EngineHandoverArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/tenant/handover/engineHandoverProvider"),
      { area: "tenant", kind: "EngineHandover" },
      name,
      { ...args },
      { ...options, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}

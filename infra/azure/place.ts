import type * as pulumi from "@pulumi/pulumi";

import type { AzureConfig } from "../config/azureSection";
import type { AzureNames } from "./names";

/** What everything that an environment has in Azure is made with. */
export interface AzurePlace {
  readonly names: AzureNames;
  readonly subscription: string;
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether what holds data is locked, and protected in the stack. */
  readonly isKept: boolean;
}

/** The tags of all that an environment has: those of the settings, and whose it is. */
export function tagsOf(
  azure: Pick<AzureConfig, "tags">,
  environment: string,
): Readonly<Record<string, string>> {
  return { ...azure.tags, "terp-environment": environment };
}

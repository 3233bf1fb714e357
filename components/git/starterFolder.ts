import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../infra/dynamic";
import type { GitHostAccess } from "./access";

export interface StarterFolderArgs {
  readonly access: pulumi.Input<GitHostAccess>;
  readonly organisation: string;
  readonly repository: string;
  /** Which repository that is: in one that was made anew it looks again. */
  readonly repositoryId: pulumi.Input<string>;
  /** The folder that is begun, within another one: `environments/dev/apps`. */
  readonly folder: string;
  /** Path and content of what is written where the folder is absent, in it and beside it. What is there already stays as it is. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * A folder with something to start from, in a repository that there is already. Written once; from then on its owners'. Removing the
 * resource leaves it.
 */
export class StarterFolder extends DynamicResource {
  constructor(name: string, args: StarterFolderArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/git/starterFolderProvider"),
      { area: "git", kind: "StarterFolder" },
      name,
      { ...args },
      { ...options, additionalSecretOutputs: ["access"] },
    );
  }
}

import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../infra/dynamic";
import type { GitHostAccess } from "./access";
import type { BranchGuard, Leftovers, Visibility } from "./host";
import type { RepositoryContents } from "./repositories";

export interface HostedRepositoryArgs extends RepositoryContents {
  readonly access: pulumi.Input<GitHostAccess>;
  /** GitHub's organisation, or GitLab's group by its full path. It exists. */
  readonly organisation: string;
  /** Its name; made if absent. */
  readonly repository: string;
  readonly visibility: Visibility;
  /** What its branch will be guarded by: refused before anything is made where the organisation's plan doesn't have it. */
  readonly guard: BranchGuard;
  /** What an earlier state of this environment may have left, and is withdrawn when the resource is made. */
  readonly leftovers: Leftovers;
}

/**
 * A repository at GitHub or GitLab, and the files it starts with.
 *
 * Not the official packages' own resource: that can't take over what exists, which is what a lost state and a run that was killed
 * leave; and it says what the host refuses in the host's words alone. Removing the resource leaves the repository.
 */
export class HostedRepository extends DynamicResource {
  /** Which repository it is, by the host's own count: another one of the same name has another. */
  declare readonly repositoryId: pulumi.Output<string>;

  constructor(name: string, args: HostedRepositoryArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/git/hostedRepositoryProvider"),
      { area: "git", kind: "HostedRepository" },
      name,
      { ...args, sealedFiles: args.sealedFiles ?? {}, repositoryId: undefined },
      { ...options, additionalSecretOutputs: ["access"] },
    );
  }
}

import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource, providerFrom } from "../../infra/dynamic";
import type { WebhookTarget } from "../webhook";
import type { GitHostAccess } from "./access";
import type { BranchGuard } from "./host";
import type { RepositoryContents } from "./repositories";

export interface RepositoryArgs extends RepositoryContents {
  readonly access: pulumi.Input<GitHostAccess>;
  /** The organisation it is in; made if absent. */
  readonly organisation: string;
  /** Its name; made if absent. */
  readonly repository: string;
  /** Says which cluster reads with the deploy key, e.g. `terp local`. One cluster's key replaces only its own. */
  readonly deployKeyTitle: string;
  /**
   * What its default branch is guarded by.
   *
   * @default nobody rewrites or deletes it
   */
  readonly guard?: BranchGuard;
  /** The Receiver that the host tells of each push, see {@link Repository.webhookToken}. @default none */
  readonly receiver?: WebhookTarget | undefined;
}

/**
 * A repository at the Git host with its organisation, its protected default branch, a deploy key that may only read, and the
 * files it starts with.
 *
 * Whatever exists is taken over. Removing the resource leaves the repository. After a lost state the deploy key is a new
 * one, at the host and in the cluster alike.
 */
export class Repository extends DynamicResource {
  /** The deploy key's private half, as PEM. Secret. */
  declare readonly privateKey: pulumi.Output<string>;
  /** The deploy key's public half. */
  declare readonly publicKey: pulumi.Output<string>;
  /** What the host signs its word of a push with. Secret. */
  declare readonly webhookToken: pulumi.Output<string>;
  /** Which repository it is, by the Git host's own count: another one of the same name has another. */
  declare readonly repositoryId: pulumi.Output<string>;

  constructor(name: string, args: RepositoryArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/git/repositoryProvider"),
      { area: "git", kind: "Repository" },
      name,
      {
        ...args,
        sealedFiles: args.sealedFiles ?? {},
        privateKey: undefined,
        publicKey: undefined,
        repositoryId: undefined,
        webhookToken: undefined,
      },
      { ...options, additionalSecretOutputs: ["privateKey", "webhookToken", "access"] },
    );
  }
}

import type * as pulumi from "@pulumi/pulumi";

import type { PushWebhook, WebhookKind, WebhookTarget } from "../webhook";
import type { GitHostAccess, GitHostKind } from "./access";
import type { RepositoryPlace } from "./host";
import type { Places } from "./places";
import type { SealedFile } from "./repositoryContents";

/** What a repository starts with, and what it is for. */
export interface RepositoryContents {
  /** One line about what it is for. */
  readonly purpose: string;
  /** Path and content of the files it starts with. Written while the repository is empty, then never again. */
  readonly files: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /**
   * Secrets it starts with, encrypted before they leave this machine.
   *
   * @default none
   */
  readonly sealedFiles?: pulumi.Input<Readonly<Record<string, pulumi.Input<SealedFile>>>> | undefined;
  /**
   * Whether each run looks if it is still there, and makes it again if not. One that isn't watched is only looked for by a
   * refresh.
   *
   * @default false
   */
  readonly isWatched?: boolean | undefined;
  /**
   * Recipients of which its `.sops.yaml` must name one, if it has that file: else the run stops.
   *
   * @default not looked at
   */
  readonly sealsTo?: pulumi.Input<readonly string[]> | undefined;
}

/** A repository that the platform or a tenant is to have. */
export interface RepositoryRequest extends RepositoryContents {
  readonly place: RepositoryPlace;
  /** The Receiver that hears of each push. @default none: who reads it asks */
  readonly receiver?: WebhookTarget | undefined;
  /**
   * What hears of each push beside the Receiver: Argo CD. Its token is that of all repositories.
   *
   * Not for Gitea inside the cluster, which names repositories by another host than Argo CD does.
   *
   * @default none
   */
  readonly webhook?: PushWebhook | undefined;
  /** Whether a change of it needs what the platform demands of tenants' changes; the platform's own program pushes its own. */
  readonly isTenants: boolean;
  /** Accounts and teams that answer for all of it, as the Git host writes them. */
  readonly codeOwners?: readonly string[] | undefined;
}

/** What a repository is read with, whoever made it. */
export interface ReadableRepository {
  /** By which Flux reads it. */
  readonly sshUrl: pulumi.Input<string>;
  /** For people; without a slash at the end. */
  readonly webUrl: pulumi.Output<string>;
  /** The deploy key's private half, as PEM. Secret. */
  readonly privateKey: pulumi.Output<string>;
  /** The deploy key's public half. */
  readonly publicKey: pulumi.Output<string>;
  /** What a Receiver knows the Git host's word of a push by; absent where the Git host reaches none. */
  readonly webhook?: { readonly type: WebhookKind; readonly token: pulumi.Output<string> } | undefined;
}

/** A repository that the platform made, or took over. */
export interface MadeRepository extends ReadableRepository {
  /** Which repository it is, by the Git host's own count. */
  readonly repositoryId: pulumi.Output<string>;
  /** All of it: what needs the repository depends on these. */
  readonly ready: readonly pulumi.Resource[];
}

/** The Git host that the platform makes repositories at. */
export interface Repositories {
  readonly kind: GitHostKind;
  /** How our own providers reach it. */
  readonly access: pulumi.Input<GitHostAccess>;
  /** Lines for Flux's `known_hosts`. */
  readonly knownHosts: pulumi.Input<string>;
  readonly places: Places;
  /** By which Flux reads the repository of a place. */
  readonly sshUrlOf: (place: RepositoryPlace) => string;
  /** What the SSH URLs of a tenant's repositories begin with; absent where other tenants' do as well. */
  readonly sourcesOf?: (tenant: string) => string;
  /** Makes a repository, or takes over what was made here. */
  readonly make: (request: RepositoryRequest, options: pulumi.CustomResourceOptions) => MadeRepository;
}

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { logicalName } from "../metadata";
import { webhookUrl, type WebhookKind } from "../webhook";
import type { GitAccess } from "./access";
import type { BranchGuard, RepositoryPlace, Visibility } from "./host";
import { HostedRepository } from "./hostedRepository";
import { placesIn } from "./places";
import type { MadeRepository, Repositories, RepositoryRequest } from "./repositories";
import { sshUrl } from "./sshUrl";

/** What is called at a push. */
export interface CalledWebhook {
  readonly url: pulumi.Input<string>;
  /** Secret. */
  readonly token: pulumi.Input<string>;
}

/** What an official package makes of a repository that is there. */
export interface Surroundings {
  readonly place: RepositoryPlace;
  readonly guard: BranchGuard;
  /** Reads, and nothing else. */
  readonly deployKey: { readonly title: string; readonly publicKey: pulumi.Output<string> };
  /** Flux's Receiver; absent where the host reaches none. */
  readonly webhook?: CalledWebhook | undefined;
  /** Argo CD; absent where it doesn't apply the repository, or isn't reached. */
  readonly argocdWebhook?: CalledWebhook | undefined;
}

/** Makes a repository's surroundings with the host's official package. */
export type Surround = (
  name: (kind: string) => string,
  surroundings: Surroundings,
  options: pulumi.CustomResourceOptions,
) => readonly pulumi.Resource[];

/** What repositories at GitHub or GitLab are made with. */
export interface HostedRepositoriesArgs {
  /** The stack's name. */
  readonly environment: string;
  readonly kind: WebhookKind;
  readonly access: pulumi.Output<GitAccess>;
  /** The host's address, without a slash at the end. */
  readonly url: string;
  readonly sshPort: number;
  /** GitHub's organisation, or GitLab's group by its full path. */
  readonly organisation: string;
  /** Lines for Flux's `known_hosts`. */
  readonly knownHosts: string;
  /** Who may read tenants' repositories. */
  readonly visibility: Visibility;
  /** Whether nobody may rewrite or delete a default branch. */
  readonly protect: boolean;
  /** How many others must approve a tenant's change. */
  readonly approvals: number;
  /** Says which cluster reads with the deploy keys, e.g. `terp dev`. */
  readonly deployKeyTitle: string;
  /** The address by which the host reaches Flux's Receivers; absent where it can't. */
  readonly receiverUrl?: string | undefined;
  readonly surround: Surround;
}

/** Repositories at GitHub or GitLab, all in one organisation or group. */
export function hostedRepositories(args: HostedRepositoriesArgs): Repositories {
  return {
    kind: args.kind,
    access: args.access,
    knownHosts: args.knownHosts,
    places: placesIn(args.organisation, args.environment),
    sshUrlOf: (place) => sshUrlAt(args, place),
    make: (request, options) => new RepositoryAtHost(args, request, options),
  };
}

function sshUrlAt({ url, sshPort }: HostedRepositoriesArgs, place: RepositoryPlace): string {
  return sshUrl(new URL(url).hostname, place, sshPort);
}

/** What a repository's default branch is guarded by. */
function guardOf(
  { protect, approvals }: HostedRepositoriesArgs,
  { isTenants, codeOwners = [] }: RepositoryRequest,
): BranchGuard {
  return {
    isProtected: protect,
    approvals: protect && isTenants ? approvals : 0,
    byCodeOwners: protect && isTenants && codeOwners.length > 0,
  };
}

/**
 * A repository with its protected branch, a deploy key of this environment's own, and webhooks.
 *
 * After a lost state key and webhooks are new ones, at the host and in the cluster alike.
 */
class RepositoryAtHost extends pulumi.ComponentResource implements MadeRepository {
  readonly sshUrl: string;
  readonly webUrl: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string>;
  readonly publicKey: pulumi.Output<string>;
  readonly repositoryId: pulumi.Output<string>;
  readonly webhook: MadeRepository["webhook"];
  readonly ready: readonly pulumi.Resource[];

  constructor(
    args: HostedRepositoriesArgs,
    request: RepositoryRequest,
    { protect = false, ...options }: pulumi.CustomResourceOptions,
  ) {
    const { place, receiver, purpose, files, sealedFiles, isWatched, sealsTo } = request;
    const name = (kind: string): string => logicalName(kind, place.repository, place.organisation);
    super("terp:git:RepositoryAtHost", name("RepositoryAtHost"), {}, options);
    // Given to each, and not to the component: see `isProtected` of a tenant.
    const within = { parent: this, protect };
    const guard = guardOf(args, request);

    const repository = new HostedRepository(
      name("HostedRepository"),
      {
        access: args.access,
        ...place,
        purpose,
        files,
        sealedFiles,
        isWatched,
        sealsTo,
        visibility: request.isTenants ? args.visibility : "private",
        guard,
        leftovers: {
          deployKeyTitle: args.deployKeyTitle,
          webhookHosts: [args.receiverUrl, request.webhook?.url].flatMap((called) =>
            called === undefined ? [] : [new URL(called).host],
          ),
        },
      },
      within,
    );
    const key = new tls.PrivateKey(name("DeployKey"), { algorithm: "ED25519" }, within);
    const token =
      args.receiverUrl === undefined || receiver === undefined
        ? undefined
        : new random.RandomPassword(
            name("WebhookToken"),
            { length: 64, special: false },
            { ...within, additionalSecretOutputs: ["result"] },
          );
    const surroundings = args.surround(
      name,
      {
        place,
        guard,
        deployKey: {
          title: args.deployKeyTitle,
          publicKey: key.publicKeyOpenssh.apply((text) => text.trim()),
        },
        webhook: token &&
          receiver && {
            url: pulumi.secret(token.result).apply((text) => webhookUrl(text, receiver, args.receiverUrl)),
            token: pulumi.secret(token.result),
          },
        argocdWebhook: request.webhook,
      },
      // What it starts with is committed before its branch is closed to commits.
      { ...within, dependsOn: [repository] },
    );

    this.sshUrl = sshUrlAt(args, place);
    this.webUrl = pulumi.output(`${args.url}/${place.organisation}/${place.repository}`);
    this.privateKey = pulumi.secret(key.privateKeyOpenssh);
    this.publicKey = key.publicKeyOpenssh;
    this.repositoryId = repository.repositoryId;
    this.webhook = token && { type: args.kind, token: pulumi.secret(token.result) };
    this.ready = [repository, ...surroundings];
    this.registerOutputs({ webUrl: this.webUrl, publicKey: this.publicKey });
  }
}

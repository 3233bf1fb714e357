import * as pulumi from "@pulumi/pulumi";

import { logicalName } from "../metadata";
import type { GitHostAccess } from "./access";
import type { RepositoryPlace } from "./host";
import { gitServiceHost } from "./names";
import { ownPlaces } from "./places";
import type { Repositories } from "./repositories";
import { Repository } from "./repository";
import { sshUrl } from "./sshUrl";

/** What repositories at Gitea are made with. */
export interface GiteaRepositoriesArgs {
  readonly access: pulumi.Input<GitHostAccess>;
  /** Lines for Flux's `known_hosts`. */
  readonly knownHosts: pulumi.Input<string>;
  /** Says which cluster reads with the deploy keys, e.g. `terp local`. */
  readonly deployKeyTitle: string;
  /** How many others must approve a tenant's change. @default 0 */
  readonly approvals?: number | undefined;
}

/** Repositories at Gitea inside the cluster: one resource each, in an organisation for each tenant. */
export function giteaRepositories(args: GiteaRepositoriesArgs): Repositories {
  const { access, knownHosts, deployKeyTitle, approvals = 0 } = args;
  const sshUrlOf = (place: RepositoryPlace): string => sshUrl(gitServiceHost, place);
  return {
    kind: "gitea",
    access,
    knownHosts,
    places: ownPlaces,
    sshUrlOf,
    sourcesOf: (tenant) => `ssh://git@${gitServiceHost}/${tenant}/`,
    make: ({ place, isTenants, codeOwners = [], receiver, ...request }, options) => {
      const guard =
        isTenants && approvals > 0
          ? { guard: { isProtected: true, approvals, byCodeOwners: codeOwners.length > 0 } }
          : {};
      const { purpose, files, sealedFiles, isWatched, sealsTo } = request;
      const contents = { purpose, files, sealedFiles, isWatched, sealsTo };
      const repository = new Repository(
        logicalName("Repository", place.repository, place.organisation),
        { access, ...place, ...contents, receiver, ...guard, deployKeyTitle },
        options,
      );
      // Secret only because it stands beside the password.
      const url = pulumi.unsecret(pulumi.output(access).apply((host) => host.url));
      return {
        sshUrl: sshUrlOf(place),
        webUrl: pulumi.interpolate`${url}/${place.organisation}/${place.repository}`,
        privateKey: repository.privateKey,
        publicKey: repository.publicKey,
        repositoryId: repository.repositoryId,
        // Gitea signs as GitHub does.
        webhook: receiver && { type: "github", token: repository.webhookToken },
        ready: [repository],
      };
    },
  };
}

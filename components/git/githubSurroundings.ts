import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";

import { githubApi } from "./access";
import type { CalledWebhook, Surround } from "./hostedRepositories";
import { defaultBranch } from "./names";

/** What GitHub's official provider is given. */
export interface GithubProviderArgs {
  /** Its address, e.g. `https://github.com`, without a slash at the end. */
  readonly url: string;
  readonly organisation: string;
  /** Secret. */
  readonly token: pulumi.Input<string>;
}

/** The explicit provider of an organisation at GitHub. */
export function githubProvider(
  name: string,
  { url, organisation, token }: GithubProviderArgs,
): github.Provider {
  // An Enterprise Server is named by its own address, any other by its API's.
  const api = githubApi(url);
  const baseUrl = api.startsWith(`${url}/`) ? url : api;
  return new github.Provider(name, { owner: organisation, token, baseUrl: `${baseUrl}/` });
}

/** Deploy key, protected branch and webhooks of a repository at GitHub. */
export function atGithub(provider: github.Provider): Surround {
  return (name, { place, guard, deployKey, webhook, argocdWebhook }, options) => {
    const { repository } = place;
    const within = { ...options, provider };
    const key = new github.RepositoryDeployKey(
      name("RepositoryDeployKey"),
      { repository, title: deployKey.title, key: deployKey.publicKey, readOnly: true },
      within,
    );
    const hook = (
      kind: string,
      called: CalledWebhook | undefined,
      more: pulumi.CustomResourceOptions = {},
    ): pulumi.Resource[] =>
      called === undefined
        ? []
        : [
            new github.RepositoryWebhook(
              name(kind),
              {
                repository,
                active: true,
                events: ["push"],
                configuration: {
                  url: called.url,
                  contentType: "json",
                  insecureSsl: false,
                  secret: called.token,
                },
              },
              { ...within, ...more, additionalSecretOutputs: ["configuration"] },
            ),
          ];
    const hooks = [
      ...hook("RepositoryWebhook", webhook),
      // It goes when the tenant's engine changes.
      ...hook("ArgocdWebhook", argocdWebhook, { protect: false }),
    ];
    const review = {
      requiredApprovingReviewCount: guard.approvals,
      requireCodeOwnerReviews: guard.byCodeOwners,
      dismissStaleReviews: true,
    };
    const protection =
      guard.isProtected &&
      new github.BranchProtection(
        name("BranchProtection"),
        {
          repositoryId: repository,
          pattern: defaultBranch,
          allowsDeletions: false,
          allowsForcePushes: false,
          // Who may administer the repository pushes without a review: what the platform has to change there is so.
          enforceAdmins: false,
          ...(guard.approvals > 0 ? { requiredPullRequestReviews: [review] } : {}),
        },
        // A repository outlives its tenant, and its history with it.
        { ...within, retainOnDelete: true },
      );
    return [key, ...hooks, ...(protection ? [protection] : [])];
  };
}

import type * as pulumi from "@pulumi/pulumi";

/** The Git hosts that there are a way to. Forgejo speaks as Gitea. */
export type GitHostKind = "gitea" | "github" | "gitlab";

/** How the program reaches a Git host, in clear. */
export interface GitAccess {
  /** @default "gitea": states from before there were others name none */
  readonly kind?: GitHostKind;
  /** Its address, e.g. `https://github.com`, without a slash at the end. */
  readonly url: string;
  readonly username: string;
  /** A password, or a token. Secret. */
  readonly password: string;
}

/** How the program reaches a Git host, where that comes from resources. */
export interface GitHostAccess {
  /** @default "gitea" */
  readonly kind?: GitHostKind;
  /** Its address for the machine the program runs on; without a slash at the end. */
  readonly url: pulumi.Input<string>;
  readonly username: pulumi.Input<string>;
  /** Secret. */
  readonly password: pulumi.Input<string>;
}

/** The account's name that a token is given with, over HTTPS. Neither host looks at it, but both want one. */
export const tokenAccount = { github: "x-access-token", gitlab: "oauth2" } as const;

/**
 * Where a GitHub has its API: github.com, GitHub with data residency (`*.ghe.com`), and GitHub Enterprise Server differ.
 *
 * https://docs.github.com/en/enterprise-server@latest/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function githubApi(url: string): string {
  const { protocol, host } = new URL(url);
  return host === "github.com" || host.endsWith(".ghe.com")
    ? `${protocol}//api.${host}`
    : `${protocol}//${host}/api/v3`;
}

/** Where a GitLab has its API. */
export function gitlabApi(url: string): string {
  return `${url}/api/v4`;
}

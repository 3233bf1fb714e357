import * as pulumi from "@pulumi/pulumi";

import { type GitAccess, gitlabApi, tokenAccount } from "../components/git/access";
import { Gitea } from "../components/git/gitea";
import { giteaRepositories } from "../components/git/giteaRepositories";
import type * as Github from "../components/git/githubSurroundings";
import { GitlabProvider } from "../components/git/gitlabResources";
import { atGitlab } from "../components/git/gitlabSurroundings";
import { hostedRepositories, type Surround } from "../components/git/hostedRepositories";
import { publishedHostKey } from "../components/git/knownHosts";
import type { Repositories } from "../components/git/repositories";
import type { PlatformConfig, PlatformSecrets } from "../infra/config";
import type { GithubConfig, GitlabConfig } from "../infra/config/gitSection";
import { images } from "../infra/versions";
import type { PlatformCluster } from "./cluster";

/** The Git host of a platform. */
export interface GitHostService {
  /** How people and programs reach it: part of the stack's outputs. */
  readonly login: GitHostLogin;
  readonly repositories: Repositories;
}

/** How people and programs reach a Git host. */
export interface GitHostLogin {
  /** Absent for Gitea inside the cluster. */
  readonly kind?: "github" | "gitlab";
  readonly url: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** The one organisation or group that all repositories are in; absent where each tenant has its own. */
  readonly organisation?: string;
}

/** What the Git host is made from. */
export interface GitHostArgs {
  readonly config: PlatformConfig;
  readonly secrets: PlatformSecrets;
  readonly cluster: PlatformCluster;
}

/**
 * The Git host that a configuration names.
 *
 * @param options Of what lives in the cluster, where it does.
 */
export function gitHost(args: GitHostArgs, options: pulumi.ComponentResourceOptions): GitHostService {
  const { git } = args.config;
  return git.kind === "gitea" ? gitea(args, git.review?.approvals, options) : hosted(args, git);
}

function gitea(
  { config: { environment }, cluster }: GitHostArgs,
  approvals: number | undefined,
  options: pulumi.ComponentResourceOptions,
): GitHostService {
  const { git } = cluster;
  // The configuration's own checks don't admit that.
  if (git === undefined) throw new Error("git.node: expected with an existing cluster");
  const host = new Gitea(
    "git",
    {
      environment,
      podSecurityVersion: `v${cluster.kubernetesVersion}`,
      image: images.gitea,
      dataFolder: git.dataFolder,
      nodeAddress: git.address,
      clientAddress: git.clientAddress,
    },
    options,
  );
  const { access, knownHosts, url, username, password } = host;
  const deployKeyTitle = deployKeyTitleOf(environment);
  return {
    login: { url, username, password: pulumi.secret(password) },
    repositories: giteaRepositories({ access, knownHosts, deployKeyTitle, approvals }),
  };
}

function hosted(
  { config: { environment }, secrets }: GitHostArgs,
  git: GithubConfig | GitlabConfig,
): GitHostService {
  const token = pulumi.secret(secrets.gitToken ?? "");
  const { kind, url, receiver } = git;
  const organisation = git.kind === "github" ? git.organisation : git.group;
  const username = tokenAccount[kind];
  const access = pulumi.secret(token.apply((password): GitAccess => ({ kind, url, username, password })));
  return {
    login: {
      kind,
      url: pulumi.output(url),
      username: pulumi.output(username),
      password: token,
      organisation,
    },
    repositories: hostedRepositories({
      ...git,
      environment,
      access,
      organisation,
      knownHosts: git.knownHosts ?? publishedHostKey(new URL(url).hostname) ?? "",
      approvals: git.review.approvals,
      deployKeyTitle: deployKeyTitleOf(environment),
      receiverUrl: receiver?.url,
      surround: surround(git, token),
    }),
  };
}

/** By the host's official package: GitHub's is loaded only where it is used, for that takes as long as a tenth of a run without it. */
function surround(git: GithubConfig | GitlabConfig, token: pulumi.Output<string>): Surround {
  if (git.kind === "github") {
    const { atGithub, githubProvider } = require("../components/git/githubSurroundings") as typeof Github;
    return atGithub(githubProvider("git", { url: git.url, organisation: git.organisation, token }));
  }
  return atGitlab(new GitlabProvider("git", { baseUrl: `${gitlabApi(git.url)}/`, token }));
}

/** Says which cluster reads with a deploy key. */
function deployKeyTitleOf(environment: string): string {
  return `terp ${environment}`;
}

/**
 * The resources of `@pulumi/gitlab` that are used here. Its package can't be had from the npm registry that Terp was written with;
 * these are thin types over the official provider's own resources, with the names of its SDK (v9.11, sdk/nodejs).
 */
import * as pulumi from "@pulumi/pulumi";

import { versions } from "../../infra/versions";

/** The provider's own version: the engine fetches its plugin by it. */
function ofProvider<T extends pulumi.ResourceOptions>(options: T | undefined): T {
  return { ...options, version: versions.pulumiGitlab } as unknown as T;
}

export interface GitlabProviderArgs {
  /** With `/api/v4/` at its end. */
  readonly baseUrl: pulumi.Input<string>;
  /** Secret. */
  readonly token: pulumi.Input<string>;
}

/** GitLab, as an account of it. */
export class GitlabProvider extends pulumi.ProviderResource {
  constructor(name: string, args: GitlabProviderArgs, options?: pulumi.ResourceOptions) {
    const secret = { baseUrl: args.baseUrl, token: pulumi.secret(args.token) };
    super("gitlab", name, secret, ofProvider(options));
  }
}

export interface DeployKeyArgs {
  /** The project's path or number. */
  readonly project: pulumi.Input<string>;
  readonly title: pulumi.Input<string>;
  /** The public half. */
  readonly key: pulumi.Input<string>;
  /** @default false */
  readonly canPush?: pulumi.Input<boolean>;
}

/** A key that reads a project. */
export class DeployKey extends pulumi.CustomResource {
  constructor(name: string, args: DeployKeyArgs, options?: pulumi.CustomResourceOptions) {
    super("gitlab:index/deployKey:DeployKey", name, { ...args }, ofProvider(options));
  }
}

export interface ProjectHookArgs {
  /** The project's path or number. */
  readonly project: pulumi.Input<string>;
  readonly url: pulumi.Input<string>;
  /** What the hook shows that it is the project's. Secret. */
  readonly token: pulumi.Input<string>;
  readonly pushEvents: pulumi.Input<boolean>;
  readonly enableSslVerification: pulumi.Input<boolean>;
}

/** What a project calls at a push. */
export class ProjectHook extends pulumi.CustomResource {
  constructor(name: string, args: ProjectHookArgs, options?: pulumi.CustomResourceOptions) {
    const secret = { ...args, token: pulumi.secret(args.token) };
    super("gitlab:index/projectHook:ProjectHook", name, secret, {
      ...ofProvider(options),
      additionalSecretOutputs: ["token"],
    });
  }
}

/** Who may do something to a branch. */
export type AccessLevel = "no one" | "developer" | "maintainer";

export interface BranchProtectionArgs {
  /** The project's path or number. */
  readonly project: pulumi.Input<string>;
  readonly branch: pulumi.Input<string>;
  readonly pushAccessLevel: pulumi.Input<AccessLevel>;
  readonly mergeAccessLevel: pulumi.Input<AccessLevel>;
  readonly allowForcePush: pulumi.Input<boolean>;
  /** Premium's. Absent where it isn't wanted: other plans refuse any value. */
  readonly codeOwnerApprovalRequired?: pulumi.Input<boolean> | undefined;
}

/** A branch that not everybody changes as they like. The provider takes over the protection that GitLab gives a default branch. */
export class BranchProtection extends pulumi.CustomResource {
  constructor(name: string, args: BranchProtectionArgs, options?: pulumi.CustomResourceOptions) {
    super("gitlab:index/branchProtection:BranchProtection", name, { ...args }, ofProvider(options));
  }
}

export interface ProjectApprovalRuleArgs {
  /** The project's path or number. */
  readonly project: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  readonly approvalsRequired: pulumi.Input<number>;
  /** `any_approver`: whoever may approve at all. */
  readonly ruleType: pulumi.Input<"any_approver">;
}

/** How many must approve a change of a project's. Premium's. */
export class ProjectApprovalRule extends pulumi.CustomResource {
  constructor(name: string, args: ProjectApprovalRuleArgs, options?: pulumi.CustomResourceOptions) {
    super("gitlab:index/projectApprovalRule:ProjectApprovalRule", name, { ...args }, ofProvider(options));
  }
}

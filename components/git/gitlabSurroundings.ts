import type * as pulumi from "@pulumi/pulumi";

import {
  BranchProtection,
  DeployKey,
  type GitlabProvider,
  ProjectApprovalRule,
  ProjectHook,
} from "./gitlabResources";
import type { CalledWebhook, Surround } from "./hostedRepositories";
import { defaultBranch } from "./names";

/** Deploy key, protected branch, rule of approval and webhooks of a project at GitLab. */
export function atGitlab(provider: GitlabProvider): Surround {
  return (name, { place, guard, deployKey, webhook, argocdWebhook }, options) => {
    const project = `${place.organisation}/${place.repository}`;
    const within = { ...options, provider };
    const isReviewed = guard.approvals > 0;
    const key = new DeployKey(
      name("DeployKeyAtGitlab"),
      { project, title: deployKey.title, key: deployKey.publicKey, canPush: false },
      within,
    );
    const hook = (
      kind: string,
      called: CalledWebhook | undefined,
      more: pulumi.CustomResourceOptions = {},
    ): ProjectHook | undefined =>
      called &&
      new ProjectHook(
        name(kind),
        { project, url: called.url, token: called.token, pushEvents: true, enableSslVerification: true },
        { ...within, ...more },
      );
    const hooks = [
      hook("ProjectHook", webhook),
      // It goes when the tenant's engine changes.
      hook("ArgocdWebhook", argocdWebhook, { protect: false }),
    ];
    // A repository outlives its tenant, and its history with it.
    const lasting = { ...within, retainOnDelete: true };
    const protection =
      guard.isProtected &&
      new BranchProtection(
        name("BranchProtection"),
        {
          project,
          branch: defaultBranch,
          // The platform's account is a maintainer: what it has to change there is so.
          pushAccessLevel: isReviewed ? "maintainer" : "developer",
          mergeAccessLevel: "developer",
          allowForcePush: false,
          ...(isReviewed && guard.byCodeOwners ? { codeOwnerApprovalRequired: true } : {}),
        },
        lasting,
      );
    const approval =
      isReviewed &&
      new ProjectApprovalRule(
        name("ProjectApprovalRule"),
        { project, name: "Terp", approvalsRequired: guard.approvals, ruleType: "any_approver" },
        lasting,
      );
    return [key, ...hooks, protection, approval].filter((each) => each !== undefined && each !== false);
  };
}

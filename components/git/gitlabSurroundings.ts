import {
  BranchProtection,
  DeployKey,
  type GitlabProvider,
  ProjectApprovalRule,
  ProjectHook,
} from "./gitlabResources";
import type { Surround } from "./hostedRepositories";
import { defaultBranch } from "./names";

/** Deploy key, protected branch, rule of approval and webhook of a project at GitLab. */
export function atGitlab(provider: GitlabProvider): Surround {
  return (name, { place, guard, deployKey, webhook }, options) => {
    const project = `${place.organisation}/${place.repository}`;
    const within = { ...options, provider };
    const isReviewed = guard.approvals > 0;
    const key = new DeployKey(
      name("DeployKeyAtGitlab"),
      { project, title: deployKey.title, key: deployKey.publicKey, canPush: false },
      within,
    );
    const hook =
      webhook &&
      new ProjectHook(
        name("ProjectHook"),
        {
          project,
          url: webhook.url,
          token: webhook.token,
          pushEvents: true,
          enableSslVerification: true,
        },
        within,
      );
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
    return [key, hook, protection, approval].filter((each) => each !== undefined && each !== false);
  };
}

import type { GitAccess } from "./access";
import { Gitea } from "./giteaApi";
import { GitHub } from "./githubApi";
import { GitLab } from "./gitlabApi";
import type { GitHost, ManagedGitHost } from "./host";
import type { Patience } from "./hostClient";

/** Opens the Git host that an access names. Nothing is asked of it yet. */
export function openGitHost(access: GitAccess, patience?: Patience): GitHost {
  return access.kind === "github" || access.kind === "gitlab"
    ? openManagedHost(access, patience)
    : new Gitea(access, patience);
}

/**
 * Opens a Git host where an official package makes a part of what is needed.
 *
 * @throws if the access names one where none does.
 */
export function openManagedHost(access: GitAccess, patience?: Patience): ManagedGitHost {
  switch (access.kind) {
    case "github":
      return new GitHub(access, patience);
    case "gitlab":
      return new GitLab(access, patience);
    default:
      throw new Error(`${access.url}: expected GitHub or GitLab, got ${access.kind ?? "gitea"}`);
  }
}

/**
 * Host keys as their owners publish them: GitHub's at
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints, GitLab's at
 * https://docs.gitlab.com/user/gitlab_com/#ssh-known_hosts-entries
 */
const published: Readonly<Record<string, string>> = {
  "github.com": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
  "gitlab.com": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf",
};

/** The line of `known_hosts` for a host whose key is published; undefined for any other. */
export function publishedHostKey(host: string): string | undefined {
  const key = published[host];
  return key === undefined ? undefined : `${host} ${key}\n`;
}

/** The lines of `known_hosts` for every host whose key is published. */
export const publishedHostKeys = Object.keys(published)
  .map((host) => publishedHostKey(host) ?? "")
  .join("");

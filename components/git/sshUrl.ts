import type { RepositoryPlace } from "./host";

/** The address by which Flux reads a repository. */
export function sshUrl(host: string, { organisation, repository }: RepositoryPlace, port = 22): string {
  const at = port === 22 ? host : `${host}:${String(port)}`;
  return `ssh://git@${at}/${organisation}/${repository}.git`;
}

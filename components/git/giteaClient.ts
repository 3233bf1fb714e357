import { basicAuthorization, HostClient, type Patience } from "./hostClient";
import { giteaExplanation } from "./hostFaults";

/** How Gitea is reached. */
export interface GiteaAccess {
  /** Where its API is, e.g. `http://10.0.0.2:30080`, without a slash at the end. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** Which Gitea, in a few words for messages. */
export function giteaAt({ url }: GiteaAccess): string {
  return `Gitea at ${url}`;
}

/**
 * What speaks to Gitea's API, or Forgejo's.
 *
 * @param patience How long to go on trying.
 */
export function giteaClient(access: GiteaAccess, patience: Patience = {}): HostClient {
  return new HostClient(
    {
      description: giteaAt(access),
      api: `${access.url}/api/v1`,
      headers: { authorization: basicAuthorization(access.username, access.password) },
      ifUnreachable: 'see whether it runs with "terp status", and run this again',
      explain: giteaExplanation,
      isPassing: (text) => /database is locked/i.test(text),
    },
    patience,
  );
}

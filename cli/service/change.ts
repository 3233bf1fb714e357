import { credentialFor, type Surroundings } from "./credential";
import { pageOf, readAnswer, repositoryPage, type HostAnswer, type RepositoryPage } from "./hostAnswer";
import { openPullRequest } from "./pullRequest";

/** A branch that was pushed. */
export interface PushedBranch {
  /** What the Git host answered the push with. */
  readonly lines: readonly string[];
  /** The address that was pushed to. */
  readonly remote: string;
  /** The repository's default branch. */
  readonly base: () => Promise<string | undefined>;
  readonly branch: string;
  readonly title: string;
}

/** What came of opening a change for review. */
export interface OpenedChange {
  readonly isOpen: boolean;
  /** Where it is open, or where a person opens it; absent where the host said nothing of it. */
  readonly address?: string;
  /** Why it isn't open. */
  readonly why?: string;
}

/**
 * Opens a pushed branch for review. GitLab did so by the push itself; at GitHub and Gitea a pull request is made by their API, with
 * what the developer has for the host already. Where that can't be, the change stays pushed, and the host's page opens it.
 */
export async function openChange(
  pushed: PushedBranch,
  surroundings: Omit<Surroundings, "remote">,
): Promise<OpenedChange> {
  const answer = readAnswer(pushed.lines);
  const { isOpen, address } = answer;
  if (isOpen) return { isOpen, ...(address !== undefined && { address }) };
  const closed = (why: string): OpenedChange => ({
    isOpen: false,
    ...(address !== undefined && { address }),
    why,
  });
  if (answer.host === "gitlab") return closed("GitLab opened no merge request at the push");
  const place = placeOf(answer, pushed.remote);
  if (place === undefined) return closed("this Git host has no way to open one that is known here");
  const { host, page } = place;
  if (!isSameHost(page.url, pushed.remote))
    return closed(`it was pushed to ${hostOf(pushed.remote) ?? "a folder"}`);
  const credential = await credentialFor(page.url, host === "github", {
    ...surroundings,
    remote: pushed.remote,
  });
  const { origin } = new URL(page.url);
  if (credential === undefined)
    return closed(`neither Git${host === "github" ? " nor gh" : ""} has a credential for ${origin}`);
  const base = await pushed.base();
  if (base === undefined) return closed("the repository has no default branch");
  const { branch, title } = pushed;
  const opening = await openPullRequest({ host, page, branch, base, title }, credential);
  return "address" in opening ? { isOpen: true, address: opening.address } : closed(opening.why);
}

/** Where a pull request is made: as the host's answer says; GitHub gives none where there is one already. */
function placeOf(
  { host, address }: HostAnswer,
  remote: string,
): { readonly host: "github" | "gitea"; readonly page: RepositoryPage } | undefined {
  if (host === "github" || host === "gitea") {
    const page = pageOf(address ?? "");
    return page && { host, page };
  }
  const name = hostOf(remote);
  const path = /[:/]([^:/]+\/[^/]+?)(?:\.git)?\/?$/.exec(remote)?.[1];
  if (name === undefined || !/(^|\.)(github\.com|ghe\.com)$/.test(name) || path === undefined)
    return undefined;
  const page = repositoryPage(`https://${name.replace(/^ssh\./, "")}/${path}`);
  return page && { host: "github", page };
}

/** The host name of an address that Git pushes to; `undefined` for a folder. */
function hostOf(remote: string): string | undefined {
  if (URL.canParse(remote)) return new URL(remote).hostname || undefined;
  return /^(?:[^@/]+@)?([^:/]+):/.exec(remote)?.[1];
}

/** Whether a credential for the address goes to nobody but whom was pushed to, as well guarded. */
function isSameHost(address: string, remote: string): boolean {
  const { hostname, protocol } = new URL(address);
  const pushedTo = hostOf(remote);
  return (
    (pushedTo === hostname || pushedTo === `ssh.${hostname}`) &&
    (protocol === "https:" || remote.startsWith("http://"))
  );
}

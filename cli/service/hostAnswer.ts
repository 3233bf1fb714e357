/** The Git hosts whose answer to a push is understood. Forgejo answers as Gitea. */
export type AnsweringHost = "github" | "gitea" | "gitlab";

/** What a Git host said to a push of a branch. */
export interface HostAnswer {
  /** Absent where it isn't one that is known. */
  readonly host?: AnsweringHost;
  /** Where the change is open, or where it is opened by hand. */
  readonly address?: string;
  /** Whether there is something open for review already. */
  readonly isOpen: boolean;
}

/** Where a Git host has a repository, as its own pages' addresses say. */
export interface RepositoryPage {
  /** What its API's address begins with; without a slash at the end. */
  readonly url: string;
  readonly owner: string;
  readonly repository: string;
}

/** The end of an address by which a host names what is open, or the page that opens it. */
const ends: readonly (readonly [host: AnsweringHost, isOpen: boolean, end: RegExp])[] = [
  ["gitlab", true, /\/-\/merge_requests\/\d+$/],
  ["gitlab", false, /\/-\/merge_requests\/new\b.*$/],
  ["github", false, /\/pull\/new\/.+$/],
  ["gitea", true, /\/pulls\/\d+$/],
  ["gitea", false, /\/pulls\/new\/.+$/],
  // Gitea before 1.26, and Forgejo.
  ["gitea", false, /\/compare\/.+\.\.\..+$/],
];

/** Reads the lines that a Git host answers a push with. */
export function readAnswer(lines: readonly string[]): HostAnswer {
  const addresses = lines.flatMap((line) => /\bhttps?:\/\/\S+/.exec(line)?.[0] ?? []);
  for (const address of addresses)
    for (const [host, isOpen, end] of ends) if (end.test(address)) return { host, address, isOpen };
  const [address] = addresses;
  return { ...(address !== undefined && { address }), isOpen: false };
}

/** The repository that an address in a host's answer is of; `undefined` where it is of none. */
export function pageOf(address: string): RepositoryPage | undefined {
  const end = ends.find(([, , each]) => each.test(address))?.[2];
  return end === undefined ? undefined : repositoryPage(address.replace(end, ""));
}

/** The repository whose page, or clone, is at an address. */
export function repositoryPage(address: string): RepositoryPage | undefined {
  const found = /^(https?:\/\/.+)\/([^/]+)\/([^/]+?)(?:\.git)?$/.exec(address);
  const [, url = "", owner = "", repository = ""] = found ?? [];
  return found === null ? undefined : { url, owner, repository };
}

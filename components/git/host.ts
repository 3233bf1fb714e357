/** The contract that every Git host fulfils: whatever is asked for is made if absent, so that it may be asked for again. */

/** A repository's place at a Git host. */
export interface RepositoryPlace {
  readonly organisation: string;
  readonly repository: string;
}

/** What a repository should be like. */
export interface RepositorySpec extends RepositoryPlace {
  /** One line about what it is for. Begins with {@link ownMark}, by which a repository made here is known. */
  readonly description: string;
  /**
   * Who may read it.
   *
   * @default "private"
   */
  readonly visibility?: Visibility;
  /**
   * What its default branch is guarded by.
   *
   * @default {@link defaultGuard}
   */
  readonly guard?: BranchGuard;
}

/** Who may read a repository: its members, everybody who can log in at the Git host, or everybody. */
export type Visibility = "private" | "internal" | "public";

/** What a repository's default branch is guarded by. */
export interface BranchGuard {
  /** Whether nobody may rewrite or delete it. */
  readonly isProtected: boolean;
  /** How many others must approve a change before it is merged; with none, whoever may write pushes to the branch. */
  readonly approvals: number;
  /** Whether one of them must be a code owner of what is changed. */
  readonly byCodeOwners: boolean;
}

/** Nobody rewrites or deletes the default branch, and whoever may write pushes to it. */
export const defaultGuard: BranchGuard = { isProtected: true, approvals: 0, byCodeOwners: false };

/** What a run that lost its state left at a Git host: nobody has the other half any more. */
export interface Leftovers {
  /** The title of the deploy keys that this environment has. */
  readonly deployKeyTitle: string;
  /** The hosts that this environment's webhooks call. */
  readonly webhookHosts: readonly string[];
}

/** A public key by which a cluster reads a repository. */
export interface DeployKey {
  /** Who uses it. A key of the same title is replaced. */
  readonly title: string;
  /** In the format of `authorized_keys`. */
  readonly publicKey: string;
}

/** A file as a repository holds it. */
export interface RepositoryFile {
  readonly content: string;
  /** The Git host's name for this version; needed to change or delete the file. */
  readonly version: string;
}

/** One file's part in a commit. */
export type FileChange =
  /** The commit is refused if the file exists. */
  | { readonly operation: "create"; readonly path: string; readonly content: string }
  | {
      readonly operation: "update";
      readonly path: string;
      readonly content: string;
      readonly version: string;
    }
  | { readonly operation: "delete"; readonly path: string; readonly version: string };

/** Why a Git host did not do what it was asked. */
export type GitHostFault =
  /** Nobody answers. */
  | "unreachable"
  /** The credential is wrong. */
  | "unauthenticated"
  /** The credential is right, but may not do this. */
  | "forbidden"
  /** It takes no more requests for a while. */
  | "limited"
  /** The name is somebody else's. */
  | "taken"
  /** A file or a branch isn't as the caller believed. */
  | "outdated"
  /** Anything else. */
  | "refused";

/** Says in plain words why a Git host did not do what it was asked, and what to do. Never holds a credential. */
export class GitHostError extends Error {
  constructor(
    readonly fault: GitHostFault,
    message: string,
  ) {
    super(message);
    this.name = "GitHostError";
    // Pulumi prints the stack of whatever a dynamic provider throws; nobody needs ours.
    this.stack = "";
  }
}

/** Whether nobody answered, or nobody who knows the credential: what is there can't be told then. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof GitHostError && ["unreachable", "unauthenticated", "limited"].includes(error.fault);
}

/** The first words of the description of every repository made here. */
export const ownMark = "Terp:";

/** What a Git host calls when something is pushed. */
export interface Webhook {
  readonly url: string;
  /** Signs what is sent. A secret. */
  readonly token: string;
}

/** A Git host. Every call may be repeated, and throws a {@link GitHostError}. */
export interface GitHost {
  /** In a few words, for messages, e.g. `Gitea at http://…`. */
  readonly description: string;

  /**
   * Makes the repository where it is absent.
   *
   * @returns whether the repository has no commit yet, and the host's own name for it: see {@link repositoryId}.
   * @throws `taken` if a repository of that name exists that wasn't made here and has content.
   */
  ensureRepository(spec: RepositorySpec): Promise<{ readonly isEmpty: boolean; readonly id: string }>;

  /** The host's own name for the repository, which no other of the same name ever has; `undefined` if there is none. */
  repositoryId(place: RepositoryPlace): Promise<string | undefined>;

  /** The default branch with all its history, as `git bundle` writes it; `undefined` if there is no commit to bundle. */
  bundle(place: RepositoryPlace): Promise<Uint8Array | undefined>;

  /** The file on the default branch, or `undefined` where there is none. */
  readFile(place: RepositoryPlace, path: string): Promise<RepositoryFile | undefined>;

  /** The names of the folders directly in a folder, on the default branch; none if that isn't there. */
  folders(place: RepositoryPlace, folder: string): Promise<readonly string[]>;

  /**
   * One commit on the default branch.
   *
   * @throws `outdated` if a file to be created exists, one to be changed has another version, or the branch has moved on.
   */
  commit(place: RepositoryPlace, message: string, changes: readonly FileChange[]): Promise<void>;
}

/** A Git host where organisations, deploy keys, webhooks and protected branches are made by the same calls as all else. */
export interface WholeGitHost extends GitHost {
  /** Lets the key read the repository. Another key of that title is withdrawn; of several, none but this one stays. */
  ensureDeployKey(place: RepositoryPlace, key: DeployKey): Promise<void>;

  /** Has the host call an address at each push. Another one below the same host is withdrawn. */
  ensureWebhook(place: RepositoryPlace, webhook: Webhook): Promise<void>;

  /** Titles and public keys that may read the repository; `undefined` if there is no such repository. */
  deployKeys(place: RepositoryPlace): Promise<readonly DeployKey[] | undefined>;
}

/** A Git host where an official package makes deploy keys, webhooks and protected branches. */
export interface ManagedGitHost extends GitHost {
  /** Takes away what a run left whose state is lost, so that the package can make it anew. */
  withdraw(place: RepositoryPlace, leftovers: Leftovers): Promise<void>;
}

/**
 * What to say of a repository that bears the wanted name, isn't ours and has content.
 *
 * @param host Which host it is at, in a few words.
 * @param noun What the host calls a repository.
 */
export function taken(
  host: string,
  { organisation, repository }: RepositoryPlace,
  noun = "repository",
): GitHostError {
  return new GitHostError(
    "taken",
    `${host} has a ${noun} ${organisation}/${repository} that wasn't made by Terp and has content; ` +
      `rename it, or hand it over by letting its description begin with "${ownMark}"`,
  );
}

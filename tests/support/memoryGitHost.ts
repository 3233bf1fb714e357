import {
  GitHostError,
  type DeployKey,
  type FileChange,
  type GitHostFault,
  type Leftovers,
  type ManagedGitHost,
  type RepositoryFile,
  type RepositoryPlace,
  type RepositorySpec,
  type Webhook,
  type WholeGitHost,
} from "../../components/git/host";

/** A repository as {@link MemoryGitHost} has it. */
export interface MemoryRepository {
  readonly id: string;
  readonly description: string;
  readonly files: Map<string, RepositoryFile>;
  readonly keys: DeployKey[];
  /** What it calls at a push. */
  readonly webhooks: Webhook[];
  /** The messages of its commits. */
  readonly commits: string[];
}

/** A Git host that forgets, and notes what was asked of it. */
export class MemoryGitHost implements WholeGitHost, ManagedGitHost {
  readonly description = "the test's Git host";
  /** By organisation and name, with a slash between. */
  readonly repositories = new Map<string, MemoryRepository>();
  readonly asked: string[] = [];
  /** What it answers to everything, instead of doing it. */
  fault: GitHostFault | undefined;
  /** Runs before a commit, e.g. to let another run be first, or to refuse it. */
  beforeCommit: (changes: readonly FileChange[]) => Promise<void> = () => Promise.resolve();
  private made = 0;

  /** The repository of that place; the test fails if there is none. */
  at(place: string): MemoryRepository {
    const found = this.repositories.get(place);
    if (found === undefined) throw new Error(`the test's Git host has no repository ${place}`);
    return found;
  }

  ensureRepository(spec: RepositorySpec): Promise<{ readonly isEmpty: boolean; readonly id: string }> {
    return this.answer("ensureRepository", () => {
      const place = nameOf(spec);
      const found = this.repositories.get(place) ?? this.make(place, spec.description);
      return { isEmpty: found.commits.length === 0, id: found.id };
    });
  }

  /** Makes a repository, in place of one that is there. */
  make(place: string, description = "Terp: made by the test"): MemoryRepository {
    const made = {
      id: String(++this.made),
      description,
      files: new Map(),
      keys: [],
      webhooks: [],
      commits: [],
    };
    this.repositories.set(place, made);
    return made;
  }

  repositoryId(place: RepositoryPlace): Promise<string | undefined> {
    return this.answer("repositoryId", () => this.repositories.get(nameOf(place))?.id);
  }

  ensureDeployKey(place: RepositoryPlace, key: DeployKey): Promise<void> {
    return this.answer("ensureDeployKey", () => {
      const { keys } = this.at(nameOf(place));
      const others = keys.filter(({ title }) => title !== key.title);
      keys.splice(0, keys.length, ...others, key);
    });
  }

  ensureWebhook(place: RepositoryPlace, webhook: Webhook): Promise<void> {
    return this.answer("ensureWebhook", () => {
      this.at(nameOf(place)).webhooks.splice(0, Infinity, webhook);
    });
  }

  withdraw(place: RepositoryPlace, { deployKeyTitle, webhookHosts }: Leftovers): Promise<void> {
    return this.answer("withdraw", () => {
      const { keys, webhooks } = this.at(nameOf(place));
      keys.splice(0, Infinity, ...keys.filter(({ title }) => title !== deployKeyTitle));
      webhooks.splice(
        0,
        Infinity,
        ...webhooks.filter(({ url }) => !webhookHosts.includes(new URL(url).host)),
      );
    });
  }

  bundle(place: RepositoryPlace): Promise<Uint8Array | undefined> {
    return this.answer("bundle", () => {
      const found = this.repositories.get(nameOf(place));
      return found === undefined || found.commits.length === 0 ? undefined : Buffer.from("a bundle");
    });
  }

  deployKeys(place: RepositoryPlace): Promise<readonly DeployKey[] | undefined> {
    return this.answer("deployKeys", () => this.repositories.get(nameOf(place))?.keys.slice());
  }

  readFile(place: RepositoryPlace, path: string): Promise<RepositoryFile | undefined> {
    return this.answer("readFile", () => this.repositories.get(nameOf(place))?.files.get(path));
  }

  folders(place: RepositoryPlace, folder: string): Promise<readonly string[]> {
    return this.answer("folders", () => {
      const paths = [...(this.repositories.get(nameOf(place))?.files.keys() ?? [])];
      return foldersBelow(folder, paths);
    });
  }

  async commit(place: RepositoryPlace, message: string, changes: readonly FileChange[]): Promise<void> {
    await this.beforeCommit(changes);
    await this.answer("commit", () => {
      const { files, commits } = this.at(nameOf(place));
      for (const change of changes) {
        const version = files.get(change.path)?.version;
        const isAsBelieved = version === ("version" in change ? change.version : undefined);
        if (!isAsBelieved) throw new GitHostError("outdated", `${change.path} isn't as the caller believed`);
      }
      commits.push(message);
      for (const change of changes) {
        if (change.operation === "delete") files.delete(change.path);
        else files.set(change.path, { content: change.content, version: String(commits.length) });
      }
    });
  }

  private async answer<T>(call: string, work: () => T): Promise<T> {
    this.asked.push(call);
    // As a host does: never at once.
    await Promise.resolve();
    if (this.fault !== undefined) throw new GitHostError(this.fault, `the test's Git host: ${this.fault}`);
    return work();
  }
}

/** The folders directly in a folder, by the paths of all files. */
export function foldersBelow(folder: string, paths: readonly string[]): string[] {
  const below = paths.filter((path) => path.startsWith(`${folder}/`));
  const parts = below.map((path) => path.slice(folder.length + 1).split("/"));
  return [...new Set(parts.flatMap(([name = "", ...rest]) => (rest.length === 0 ? [] : [name])))];
}

function nameOf({ organisation, repository }: RepositoryPlace): string {
  return `${organisation}/${repository}`;
}

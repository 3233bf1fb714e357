import { textOf } from "./answers";
import { GitHostError, type FileChange, type RepositoryPlace } from "./host";
import type { HostClient } from "./hostClient";
import { defaultBranch } from "./names";

/** GitHub's message of the commit that a repository is made with. */
const firstMessage = "Initial commit";
const mostTries = 10;

interface CommitAnswer {
  readonly message: string;
  readonly tree: { readonly sha: string };
  readonly parents: readonly unknown[];
}

interface TreeAnswer {
  readonly tree: readonly { readonly path: string; readonly sha: string }[];
  readonly truncated: boolean;
}

/** The default branch of a repository at GitHub. */
export class GitHubBranch {
  private readonly path: string;
  private readonly what: string;

  /**
   * @param client Asks GitHub.
   * @param place Which repository.
   */
  constructor(
    private readonly client: HostClient,
    place: RepositoryPlace,
  ) {
    this.path = `/repos/${encodeURIComponent(place.organisation)}/${encodeURIComponent(place.repository)}`;
    this.what = `${place.organisation}/${place.repository}`;
  }

  /** Whether a branch of that name has a commit. */
  async isBegun(branch: string): Promise<boolean> {
    return (await this.head(branch)) !== undefined;
  }

  /**
   * Makes the first commit where there is none.
   *
   * @param first How the repository's first branch is called: an organisation may have another name for it.
   * @returns whether the branch has nothing but that commit.
   */
  async begin(first: string): Promise<boolean> {
    const head = await this.head(defaultBranch);
    if (head !== undefined) return isFirst(await this.commitAt(head));
    const other = await this.head(first);
    if (other !== undefined && isFirst(await this.commitAt(other))) {
      const branch = `${this.path}/branches/${encodeURIComponent(first)}`;
      const renamed = await this.client.send("POST", `${branch}/rename`, { new_name: defaultBranch });
      this.client.expect(renamed, [201], `renaming the branch "${first}" of ${this.what}`);
      return true;
    }
    const made = await this.client.send("PUT", `${this.path}/contents/README.md`, {
      message: firstMessage,
      content: "",
      branch: defaultBranch,
    });
    // 409 and 422: another run was faster.
    this.client.expect(made, [201, 409, 422], `beginning ${this.what}`);
    return true;
  }

  /**
   * One commit, put in place only if nobody else's came in between.
   *
   * @throws GitHostError `outdated` if a file isn't as the caller believed.
   */
  async commit(message: string, changes: readonly FileChange[]): Promise<void> {
    const what = `committing ${changes.map((change) => change.path).join(", ")} to ${this.what}`;
    for (let attempt = 1; ; attempt++) {
      const head = await this.head(defaultBranch);
      if (head === undefined)
        throw new GitHostError("outdated", `${what}: the branch "${defaultBranch}" is gone`);
      const parent = await this.commitAt(head);
      // What GitHub put into the first commit by itself may be overwritten.
      if (!isFirst(parent)) await this.refuseOutdated(parent.tree.sha, changes, what);
      const tree = await this.make<{ sha: string }>("trees", what, {
        base_tree: parent.tree.sha,
        tree: changes.map((change) => ({
          path: change.path,
          mode: "100644",
          type: "blob",
          ...(change.operation === "delete" ? { sha: null } : { content: change.content }),
        })),
      });
      const commit = await this.make<{ sha: string }>("commits", what, {
        message,
        tree: tree.sha,
        parents: [head],
      });
      const moved = await this.client.send("PATCH", `${this.path}/git/refs/heads/${defaultBranch}`, {
        sha: commit.sha,
        force: false,
      });
      // Somebody else's commit came in between, which need not touch the same files.
      const isOvertaken =
        [409, 422].includes(moved.status) && /fast.forward|cannot lock ref|but expected/i.test(textOf(moved));
      if (!isOvertaken || attempt === mostTries) {
        this.client.expect(moved, [200], what);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 100 * Math.random()));
    }
  }

  private async refuseOutdated(tree: string, changes: readonly FileChange[], what: string): Promise<void> {
    const answer = await this.client.send("GET", `${this.path}/git/trees/${tree}?recursive=1`);
    const found = this.client.expect(answer, [200], what) as TreeAnswer;
    if (found.truncated) throw new GitHostError("refused", `${what}: it has more files than GitHub lists`);
    const versions = new Map(found.tree.map(({ path, sha }) => [path, sha]));
    for (const change of changes) {
      const expected = change.operation === "create" ? undefined : change.version;
      if (versions.get(change.path) === expected) continue;
      const is = versions.has(change.path) ? "has changed or exists already" : "is gone";
      throw new GitHostError("outdated", `${what}: ${change.path} ${is}`);
    }
  }

  /** The branch's newest commit; undefined if there is no such branch. */
  private async head(branch: string): Promise<string | undefined> {
    const answer = await this.client.send("GET", `${this.path}/git/ref/heads/${encodeURIComponent(branch)}`);
    // 409: the repository is empty.
    if (answer.status === 404 || answer.status === 409) return undefined;
    const found = this.client.expect(answer, [200], `looking for the branch "${branch}" of ${this.what}`);
    return (found as { object: { sha: string } }).object.sha;
  }

  private async commitAt(sha: string): Promise<CommitAnswer> {
    const answer = await this.client.send("GET", `${this.path}/git/commits/${sha}`);
    return this.client.expect(answer, [200], `reading a commit of ${this.what}`) as CommitAnswer;
  }

  private async make<T>(kind: "trees" | "commits", what: string, body: object): Promise<T> {
    return this.client.expect(
      await this.client.send("POST", `${this.path}/git/${kind}`, body),
      [201],
      what,
    ) as T;
  }
}

function isFirst({ message, parents }: CommitAnswer): boolean {
  return parents.length === 0 && message === firstMessage;
}

import { createHash } from "node:crypto";

import { foldersBelow } from "./memoryGitHost";
import { JsonServer, type Call, type JsonReply } from "./jsonServer";

interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly tree: string;
}

type Tree = ReadonlyMap<string, string>;

/** What GitHub is told to make a repository of. */
interface RepositoryAsked {
  readonly name: string;
  readonly description: string;
  readonly visibility: string;
  readonly auto_init?: boolean;
}

/** Where GitHub is told to move a branch. */
interface MoveAsked {
  readonly sha: string;
  readonly force: boolean;
}

/** What GitHub is told to make a tree of. */
interface TreeAsked {
  readonly base_tree: string;
  readonly tree: readonly ({ readonly path: string } & (
    { readonly content: string } | { readonly sha: null }
  ))[];
}

/** What GitHub is told to make a pull request of. */
export interface PullRequest {
  readonly title: string;
  readonly head: string;
  readonly base: string;
}

/** A repository as {@link GithubDouble} has it. */
export interface GithubRepository {
  readonly id: number;
  description: string;
  visibility: string;
  defaultBranch: string;
  /** The newest commit by branch. */
  readonly heads: Map<string, string>;
  readonly keys: { id: number; title: string }[];
  readonly hooks: { id: number; config: { url: string } }[];
  readonly pulls: PullRequest[];
  isProtected: boolean;
}

/**
 * GitHub, as far as Terp asks it itself: organisations, making and looking up repositories, branches, the Git data of commits, the
 * contents of files, pull requests, and the withdrawal of deploy keys, webhooks and protection. It stores blobs, trees and commits, and moves a
 * branch only forward, as GitHub does. It knows neither rights nor limits nor plans beyond what a test sets.
 */
export class GithubDouble extends JsonServer {
  readonly repositories = new Map<string, GithubRepository>();
  /** What the organisation `acme` answers with. */
  organisation: Record<string, unknown> = { login: "acme", plan: { name: "team" } };
  /** What the organisation calls the first branch. */
  firstBranch = "main";
  /** Runs before a branch is moved, e.g. to let another run be first. */
  beforeMove: () => void = () => undefined;
  private readonly blobs = new Map<string, string>();
  private readonly trees = new Map<string, Tree>();
  private readonly commits = new Map<string, Commit>();
  private made = 0;

  constructor() {
    super("/api/v3");
  }

  /** Makes a repository of somebody's, with a commit of one file unless that is left out. */
  make(name: string, description: string, file?: string): GithubRepository {
    const made: GithubRepository = {
      id: ++this.made,
      description,
      visibility: "private",
      defaultBranch: this.firstBranch,
      heads: new Map(),
      keys: [],
      hooks: [],
      pulls: [],
      isProtected: false,
    };
    this.repositories.set(name, made);
    if (file !== undefined) this.push(name, file, "somebody's", "Somebody's own");
    return made;
  }

  /** Somebody's commit of one file. */
  push(name: string, path: string, content: string, message: string): void {
    const repository = this.at(name);
    const head = repository.heads.get(repository.defaultBranch);
    const base = head === undefined ? new Map<string, string>() : this.treeOf(head);
    const tree = this.keepTree(new Map([...base, [path, this.keepBlob(content)]]));
    const commit = this.keepCommit(message, tree, head === undefined ? [] : [head]);
    repository.heads.set(repository.defaultBranch, commit.sha);
  }

  /** Files on the default branch. */
  files(name: string): Record<string, string> {
    const head = this.at(name).heads.get("main") ?? "";
    return Object.fromEntries(
      [...this.treeOf(head)].map(([path, blob]) => [path, this.blobs.get(blob) ?? ""]),
    );
  }

  /** Messages on the default branch, the newest first. */
  messages(name: string): string[] {
    const found: string[] = [];
    for (let at = this.at(name).heads.get("main"); at !== undefined;) {
      const commit = this.commits.get(at);
      if (commit === undefined) break;
      found.push(commit.message);
      at = commit.parents[0];
    }
    return found;
  }

  at(name: string): GithubRepository {
    const found = this.repositories.get(name);
    if (found === undefined) throw new Error(`the double has no repository ${name}`);
    return found;
  }

  protected answer(call: Call): JsonReply {
    if (call.header("authorization") !== "Bearer the token") return [401, { message: "Bad credentials" }];
    const [kind, owner, name = "", ...rest] = call.path;
    if (owner !== "acme") return [404, { message: "Not Found" }];
    if (kind === "orgs")
      return name === "repos" ? this.makeAsked(call.body as RepositoryAsked) : [200, this.organisation];
    const repository = this.repositories.get(name);
    if (kind !== "repos" || repository === undefined) return [404, { message: "Not Found" }];
    return this.inRepository(name, repository, { ...call, path: rest });
  }

  private makeAsked(body: RepositoryAsked): JsonReply {
    if (this.repositories.has(body.name)) {
      const errors = [{ resource: "Repository", message: "name already exists on this account" }];
      return [422, { message: "Repository creation failed.", errors }];
    }
    const made = this.make(body.name, body.description);
    made.visibility = body.visibility;
    if (body.auto_init === true) this.push(body.name, "README.md", `# ${body.name}`, "Initial commit");
    return [201, shown(made)];
  }

  private inRepository(
    name: string,
    repository: GithubRepository,
    { method, path, body, query }: Call,
  ): JsonReply {
    const [kind = "", id = "", ...more] = path;
    switch (`${method} ${kind === "git" ? `git/${id}` : kind}`) {
      case "GET ":
        return [200, shown(repository)];
      case "PATCH ":
        repository.description = (body as RepositoryAsked).description;
        return [200, {}];
      case "GET keys":
      case "GET hooks":
        return [200, repository[kind as "keys" | "hooks"]];
      case "DELETE keys":
      case "DELETE hooks": {
        const list: { id: number }[] = repository[kind as "keys" | "hooks"];
        list.splice(0, Infinity, ...list.filter((one) => String(one.id) !== id));
        return [204];
      }
      case "DELETE branches":
        if (!repository.isProtected) return [404, { message: "Branch not protected" }];
        repository.isProtected = false;
        return [204];
      case "POST branches":
        repository.defaultBranch = (body as { new_name: string }).new_name;
        repository.heads.set(repository.defaultBranch, repository.heads.get(id) ?? "");
        repository.heads.delete(id);
        return [201, {}];
      case "GET contents":
        return this.content(repository, [id, ...more].join("/"), query.get("ref") ?? "");
      case "GET pulls":
        return [200, repository.pulls.map((pull, index) => this.shownPull(name, pull, index))];
      case "POST pulls":
        return this.pullAsked(name, repository, body as PullRequest);
      case "PUT contents": {
        const { content, message } = body as { content: string; message: string };
        this.push(name, [id, ...more].join("/"), Buffer.from(content, "base64").toString(), message);
        return [201, {}];
      }
      case "GET git/ref": {
        if (repository.heads.size === 0) return [409, { message: "Git Repository is empty." }];
        const sha = repository.heads.get(more[1] ?? "");
        return sha === undefined ? [404, { message: "Not Found" }] : [200, { object: { sha } }];
      }
      case "GET git/commits": {
        const commit = this.commits.get(more[0] ?? "");
        return commit === undefined ? [404, {}] : [200, { ...commit, tree: { sha: commit.tree } }];
      }
      case "GET git/trees": {
        const tree = [...(this.trees.get(more[0] ?? "") ?? [])].map(([file, sha]) => ({ path: file, sha }));
        return [200, { tree, truncated: false }];
      }
      case "POST git/trees":
        return [201, { sha: this.treeAsked(body as TreeAsked) }];
      case "POST git/commits": {
        const { message, tree, parents } = body as Commit;
        return [201, this.keepCommit(message, tree, parents)];
      }
      case "PATCH git/refs":
        return this.move(repository, more[1] ?? "", body as MoveAsked);
      default:
        return [599, { message: `the double has no answer to ${method} ${path.join("/")}` }];
    }
  }

  private content(repository: GithubRepository, path: string, branch: string): JsonReply {
    const head = repository.heads.get(branch);
    const tree = head === undefined ? new Map<string, string>() : this.treeOf(head);
    const sha = tree.get(path);
    const folders = foldersBelow(path, [...tree.keys()]);
    if (sha === undefined && folders.length > 0)
      return [200, [{ name: "a file", type: "file" }, ...folders.map((name) => ({ name, type: "dir" }))]];
    if (sha === undefined) return [404, { message: "Not Found" }];
    return [200, { sha, content: Buffer.from(this.blobs.get(sha) ?? "").toString("base64") }];
  }

  private pullAsked(name: string, { pulls }: GithubRepository, asked: PullRequest): JsonReply {
    if (pulls.some(({ head }) => head === asked.head)) {
      const errors = [{ message: `A pull request already exists for acme:${asked.head}.` }];
      return [422, { message: "Validation Failed", errors }];
    }
    pulls.push(asked);
    return [201, this.shownPull(name, asked, pulls.length - 1)];
  }

  private shownPull(name: string, { head }: PullRequest, index: number): object {
    return { html_url: `${this.url}/acme/${name}/pull/${String(index + 1)}`, head: { ref: head } };
  }

  private treeAsked(body: TreeAsked): string {
    const tree = new Map(this.trees.get(body.base_tree));
    for (const entry of body.tree)
      if ("sha" in entry) tree.delete(entry.path);
      else tree.set(entry.path, this.keepBlob(entry.content));
    return this.keepTree(tree);
  }

  private move(repository: GithubRepository, branch: string, { sha, force }: MoveAsked): JsonReply {
    this.beforeMove();
    const isForward = this.commits.get(sha)?.parents.includes(repository.heads.get(branch) ?? "");
    if (isForward !== true && !force) return [422, { message: "Update is not a fast forward" }];
    repository.heads.set(branch, sha);
    return [200, {}];
  }

  private treeOf(commit: string): Tree {
    return this.trees.get(this.commits.get(commit)?.tree ?? "") ?? new Map();
  }

  private keepBlob(content: string): string {
    const sha = digest(content);
    this.blobs.set(sha, content);
    return sha;
  }

  private keepTree(tree: Tree): string {
    const sha = digest(JSON.stringify([...tree]));
    this.trees.set(sha, tree);
    return sha;
  }

  private keepCommit(message: string, tree: string, parents: readonly string[]): Commit {
    const commit = {
      sha: digest(`${message} ${tree} ${parents.join()} ${String(++this.made)}`),
      message,
      tree,
      parents,
    };
    this.commits.set(commit.sha, commit);
    return commit;
  }
}

function shown({ id, description, defaultBranch }: GithubRepository): object {
  return { id, description, default_branch: defaultBranch };
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

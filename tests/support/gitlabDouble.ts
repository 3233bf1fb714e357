import { foldersBelow } from "./memoryGitHost";
import { JsonServer, type Call, type JsonReply } from "./jsonServer";

/** A project as {@link GitlabDouble} has it. */
export interface GitlabProject {
  readonly id: number;
  description: string;
  visibility: string;
  /** Content and the commit that wrote it, by path. */
  readonly files: Map<string, { content: string; commit: string }>;
  /** Messages, the newest last. */
  readonly messages: string[];
  readonly keys: { id: number; title: string }[];
  readonly hooks: { id: number; url: string }[];
  readonly rules: { id: number; rule_type: string }[];
}

/** What GitLab is told. */
interface Asked {
  readonly path: string;
  readonly namespace_id: number;
  readonly description: string;
  readonly visibility: string;
  readonly commit_message: string;
  readonly actions: readonly {
    readonly action: string;
    readonly file_path: string;
    readonly content: string;
    readonly last_commit_id?: string;
  }[];
}

/**
 * GitLab, as far as Terp asks it itself: groups and their plan, making and looking up projects, the contents of files, commits of
 * several files with GitLab's checks of them, and the withdrawal of deploy keys, webhooks and rules of approval. It knows neither
 * rights nor limits.
 */
export class GitlabDouble extends JsonServer {
  /** By full path. */
  readonly projects = new Map<string, GitlabProject>();
  /** The plan of the group `acme/teams`. */
  plan: string | undefined;
  /** Answers to commits, before it makes one. */
  readonly refusals: JsonReply[] = [];
  private made = 0;

  constructor() {
    super("/api/v4");
  }

  /** Makes a project of somebody's, with a commit of one file unless that is left out. */
  make(path: string, description: string, file?: string): GitlabProject {
    const made: GitlabProject = {
      id: ++this.made,
      description,
      visibility: "private",
      files: new Map(),
      messages: [],
      keys: [],
      hooks: [],
      rules: [],
    };
    this.projects.set(path, made);
    if (file !== undefined) {
      made.files.set(file, { content: "somebody's", commit: "1" });
      made.messages.push("Somebody's own");
    }
    return made;
  }

  at(path: string): GitlabProject {
    const found = this.projects.get(path);
    if (found === undefined) throw new Error(`the double has no project ${path}`);
    return found;
  }

  protected answer({ method, path, body: given, header, query }: Call): JsonReply {
    const body = given as Asked;
    if (header("private-token") !== "the token") return [401, { message: "401 Unauthorized" }];
    const [kind, name = "", ...rest] = path;
    if (kind === "groups")
      return name === "acme/teams" ? [200, { id: 7 }] : [404, { message: "404 Group Not Found" }];
    if (kind === "namespaces") return [200, { plan: this.plan }];
    if (kind === "projects" && name === "") return this.makeAsked(body);
    const project = this.projects.get(name);
    if (project === undefined) return [404, { message: "404 Project Not Found" }];
    const call = `${method} ${rest.slice(0, 2).join("/")}`;
    if (call === "GET repository/tree") return treeOf(project, query);
    return this.inProject(project, call, { rest, body });
  }

  private makeAsked(body: Asked): JsonReply {
    const path = `acme/teams/${body.path}`;
    if (body.namespace_id !== 7) return [400, { message: { namespace: ["is not valid"] } }];
    if (this.projects.has(path)) return [400, { message: { name: ["has already been taken"] } }];
    const made = this.make(path, body.description);
    made.visibility = body.visibility;
    return [201, shown(made)];
  }

  private inProject(
    project: GitlabProject,
    call: string,
    { rest, body }: { readonly rest: readonly string[]; readonly body: Asked },
  ): JsonReply {
    const [kind = "", id = "", file = ""] = rest;
    if (call === "GET ") return [200, shown(project)];
    if (call === "PUT ") project.description = body.description;
    if (call === "PUT ") return [200, {}];
    if (call === "POST repository/commits") return this.refusals.shift() ?? this.commit(project, body);
    if (call === "GET repository/files") {
      const found = project.files.get(file);
      if (id !== "files" || found === undefined) return [404, { message: "404 File Not Found" }];
      return [200, { content: Buffer.from(found.content).toString("base64"), last_commit_id: found.commit }];
    }
    const lists: Record<string, { id: number }[]> = {
      deploy_keys: project.keys,
      hooks: project.hooks,
      approval_rules: project.rules,
    };
    const list = lists[kind];
    if (list === undefined) return [599, { message: `the double has no answer to ${call}` }];
    if (call.startsWith("GET ")) return [200, list];
    list.splice(0, Infinity, ...list.filter((one) => String(one.id) !== id));
    return [204];
  }

  private commit(project: GitlabProject, body: Asked): JsonReply {
    for (const { action, file_path, last_commit_id } of body.actions) {
      const found = project.files.get(file_path);
      if (action === "create" && found !== undefined)
        return [400, { message: "A file with this name already exists" }];
      if (action !== "create" && found === undefined)
        return [400, { message: "A file with this name doesn't exist" }];
      if (action !== "create" && found?.commit !== last_commit_id)
        return [
          400,
          { message: "You are attempting to update a file that has changed since you started editing it." },
        ];
    }
    const commit = String(++this.made);
    project.messages.push(body.commit_message);
    for (const { action, file_path, content } of body.actions)
      if (action === "delete") project.files.delete(file_path);
      else project.files.set(file_path, { content, commit });
    return [201, { id: commit }];
  }
}

/** A page of what is in a folder. */
function treeOf(project: GitlabProject, query: URLSearchParams): JsonReply {
  const folders = foldersBelow(query.get("path") ?? "", [...project.files.keys()]);
  if (folders.length === 0) return [404, { message: "404 Tree Not Found" }];
  const size = Number(query.get("per_page"));
  const all = [{ name: "a file", type: "blob" }, ...folders.map((name) => ({ name, type: "tree" }))];
  return [200, all.slice(size * (Number(query.get("page")) - 1)).slice(0, size)];
}

function shown({ id, description, messages }: GitlabProject): object {
  return { id, description, empty_repo: messages.length === 0 };
}

import { gitlabApi, type GitAccess } from "./access";
import { foldersIn, textOf } from "./answers";
import { bundleOf } from "./bundle";
import {
  defaultGuard,
  GitHostError,
  ownMark,
  taken,
  type FileChange,
  type Leftovers,
  type ManagedGitHost,
  type RepositoryFile,
  type RepositoryPlace,
  type RepositorySpec,
} from "./host";
import { HostClient, type Patience } from "./hostClient";
import { gitlabExplanation } from "./hostFaults";
import { defaultBranch } from "./names";

const mostTries = 10;
/** The most entries that GitLab lists at once: https://docs.gitlab.com/api/rest/#pagination. */
const pageSize = 100;

interface ProjectAnswer {
  readonly id: number;
  readonly description: string | null;
  readonly empty_repo: boolean;
}

interface GroupAnswer {
  readonly id: number;
}

interface NamespaceAnswer {
  /** Absent where there are no plans, and for who doesn't own the group. */
  readonly plan?: string;
}

/** GitLab, through its API. */
export class GitLab implements ManagedGitHost {
  readonly description: string;
  private readonly client: HostClient;

  /**
   * @param access How it is reached, and with which token.
   * @param patience How long to go on trying.
   */
  constructor(
    private readonly access: GitAccess,
    patience: Patience = {},
  ) {
    this.description = `GitLab at ${access.url}`;
    this.client = new HostClient(
      {
        description: this.description,
        api: gitlabApi(access.url),
        headers: { "private-token": access.password },
        ifUnreachable: "see whether this machine reaches it, and run this again",
        explain: gitlabExplanation,
      },
      patience,
    );
  }

  async ensureRepository(spec: RepositorySpec): Promise<{ readonly isEmpty: boolean; readonly id: string }> {
    const group = await this.group(spec);
    const found = (await this.project(spec)) ?? (await this.make(spec, group));
    const isOurs = found.description?.startsWith(ownMark) === true;
    if (!found.empty_repo && !isOurs) {
      throw taken(this.description, spec, "project");
    }
    // From now on it is known as ours.
    if (!isOurs) await this.describe(spec);
    return { isEmpty: found.empty_repo, id: String(found.id) };
  }

  async repositoryId(place: RepositoryPlace): Promise<string | undefined> {
    const found = await this.project(place);
    return found === undefined ? undefined : String(found.id);
  }

  async withdraw(place: RepositoryPlace, leftovers: Leftovers): Promise<void> {
    const path = projectPath(place);
    const at = `${place.organisation}/${place.repository}`;
    const keys = await this.list<{ id: number; title: string }>(
      `${path}/deploy_keys`,
      `deploy keys of ${at}`,
    );
    for (const { id, title } of keys.filter((key) => key.title === leftovers.deployKeyTitle))
      await this.delete(
        `${path}/deploy_keys/${String(id)}`,
        `withdrawing the deploy key "${title}" of ${at}`,
      );
    const hooks = await this.list<{ id: number; url: string }>(`${path}/hooks`, `webhooks of ${at}`);
    for (const { id, url } of hooks)
      if (URL.canParse(url) && leftovers.webhookHosts.includes(new URL(url).host))
        await this.delete(`${path}/hooks/${String(id)}`, `withdrawing a webhook of ${at}`);
    // The package takes a protected default branch over by itself, and so there is nothing to do about that. Rules of approval
    // are Premium's: without it there are none.
    const rules = await this.client.send("GET", `${path}/approval_rules?per_page=100`);
    if (rules.status === 403 || rules.status === 404) return;
    const found = this.client.expect(rules, [200], `listing the rules of approval of ${at}`) as Rule[];
    for (const { id } of found.filter((rule) => rule.rule_type === "any_approver"))
      await this.delete(`${path}/approval_rules/${String(id)}`, `withdrawing a rule of approval of ${at}`);
  }

  async bundle(place: RepositoryPlace): Promise<Uint8Array | undefined> {
    if ((await this.repositoryId(place)) === undefined) return undefined;
    return bundleOf(this.access, place);
  }

  async readFile(place: RepositoryPlace, path: string): Promise<RepositoryFile | undefined> {
    const at = `${projectPath(place)}/repository/files/${encode(path)}?ref=${defaultBranch}`;
    const answer = await this.client.send("GET", at);
    if (answer.status === 404) return undefined;
    const file = this.client.expect(answer, [200], `reading ${path}`) as FileAnswer;
    return { content: Buffer.from(file.content, "base64").toString("utf8"), version: file.last_commit_id };
  }

  async folders(place: RepositoryPlace, folder: string): Promise<readonly string[]> {
    const query = `path=${encode(folder)}&ref=${defaultBranch}&per_page=${String(pageSize)}`;
    const found: string[] = [];
    for (let page = 1; ; page++) {
      const at = `${projectPath(place)}/repository/tree?${query}&page=${String(page)}`;
      const answer = await this.client.send("GET", at);
      if (answer.status === 404) return found;
      const entries = this.client.expect(answer, [200], `listing ${folder}`);
      found.push(...foldersIn(entries));
      if ((entries as readonly unknown[]).length < pageSize) return found;
    }
  }

  async commit(place: RepositoryPlace, message: string, changes: readonly FileChange[]): Promise<void> {
    const paths = changes.map((change) => change.path).join(", ");
    const what = `committing ${paths} to ${place.organisation}/${place.repository}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.client.send("POST", `${projectPath(place)}/repository/commits`, {
        branch: defaultBranch,
        commit_message: message,
        actions: changes.map((change) => ({
          action: change.operation,
          file_path: change.path,
          ...(change.operation === "delete" ? {} : { content: change.content }),
          ...(change.operation === "create" ? {} : { last_commit_id: change.version }),
        })),
      });
      const said = textOf(answer);
      const isRefused = [400, 409].includes(answer.status);
      if (isRefused && /already exists|doesn't exist|has changed since/i.test(said))
        throw new GitHostError("outdated", `${what}: ${said}`);
      // Somebody else's commit came in between, which need not touch the same files.
      const isOvertaken = isRefused && /could not update|reference|cannot lock ref/i.test(said);
      if (!isOvertaken || attempt === mostTries) {
        this.client.expect(answer, [201], what);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 100 * Math.random()));
    }
  }

  /** The group's own number, which a project is made with. */
  private async group({ organisation, guard = defaultGuard }: RepositorySpec): Promise<number> {
    const answer = await this.client.send("GET", `/groups/${encode(organisation)}?with_projects=false`);
    if (answer.status === 404) {
      throw new GitHostError(
        "refused",
        `${this.description} has no group "${organisation}", or the token can't see it; ` +
          `make it or correct terp:git.group, and let the token's account be one of its maintainers`,
      );
    }
    const found = this.client.expect(answer, [200], `looking for the group "${organisation}"`) as GroupAnswer;
    if (guard.approvals > 0) {
      const namespace = await this.client.send("GET", `/namespaces/${encode(organisation)}`);
      if ((namespace.body as NamespaceAnswer | undefined)?.plan === "free") {
        throw new GitHostError(
          "forbidden",
          `${this.description}: the plan of the group "${organisation}" is free, which demands no approval of a change; ` +
            `use the plan Premium, or set terp:git.review.approvals to 0`,
        );
      }
    }
    return found.id;
  }

  private async make(spec: RepositorySpec, group: number): Promise<ProjectAnswer> {
    const { organisation, repository, description, visibility = "private" } = spec;
    const made = await this.client.send("POST", "/projects", {
      name: repository,
      path: repository,
      namespace_id: group,
      description,
      visibility,
      default_branch: defaultBranch,
      initialize_with_readme: false,
    });
    // Another run was faster, or the answer to an earlier try was lost.
    const isThere = made.status === 400 && /already been taken/i.test(textOf(made));
    const found = isThere ? await this.project(spec) : undefined;
    return (
      found ?? (this.client.expect(made, [201], `making ${organisation}/${repository}`) as ProjectAnswer)
    );
  }

  private async describe(spec: RepositorySpec): Promise<void> {
    const { description } = spec;
    const described = await this.client.send("PUT", projectPath(spec), { description });
    this.client.expect(described, [200], `describing ${spec.organisation}/${spec.repository}`);
  }

  private async project(place: RepositoryPlace): Promise<ProjectAnswer | undefined> {
    const answer = await this.client.send("GET", projectPath(place));
    if (answer.status === 404) return undefined;
    const what = `looking for ${place.organisation}/${place.repository}`;
    return this.client.expect(answer, [200], what) as ProjectAnswer;
  }

  private async list<T>(path: string, what: string): Promise<readonly T[]> {
    const answer = await this.client.send("GET", `${path}?per_page=100`);
    return this.client.expect(answer, [200], `listing the ${what}`) as T[];
  }

  private async delete(path: string, what: string): Promise<void> {
    this.client.expect(await this.client.send("DELETE", path), [204, 404], what);
  }
}

interface FileAnswer {
  readonly content: string;
  readonly last_commit_id: string;
}

interface Rule {
  readonly id: number;
  /** A project has at most one of `any_approver`. */
  readonly rule_type: string;
}

const encode = encodeURIComponent;

/** Where GitLab's API has a project: by its path, whose slashes are part of one name. */
function projectPath({ organisation, repository }: RepositoryPlace): string {
  return `/projects/${encode(`${organisation}/${repository}`)}`;
}

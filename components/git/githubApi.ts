import { githubApi, type GitAccess } from "./access";
import { foldersIn, textOf } from "./answers";
import { bundleOf } from "./bundle";
import { GitHubBranch } from "./githubBranch";
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
import { githubExplanation } from "./hostFaults";
import { defaultBranch } from "./names";

interface RepositoryAnswer {
  readonly id: number;
  readonly description: string | null;
  readonly default_branch: string;
}

interface OrganisationAnswer {
  /** Absent where the server is older than the setting. */
  readonly deploy_keys_enabled_for_repositories?: boolean;
  /** Absent for who isn't an owner, and where there are no plans. */
  readonly plan?: { readonly name: string };
}

/** GitHub, and GitHub Enterprise, through their API. */
export class GitHub implements ManagedGitHost {
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
    this.description = `GitHub at ${access.url}`;
    this.client = new HostClient(
      {
        description: this.description,
        api: githubApi(access.url),
        headers: {
          authorization: `Bearer ${access.password}`,
          accept: "application/vnd.github+json",
          "user-agent": "terp",
          "x-github-api-version": "2022-11-28",
        },
        ifUnreachable: "see whether this machine reaches it, and run this again",
        explain: githubExplanation,
      },
      patience,
    );
  }

  async ensureRepository(spec: RepositorySpec): Promise<{ readonly isEmpty: boolean; readonly id: string }> {
    const path = repositoryPath(spec);
    const branch = new GitHubBranch(this.client, spec);
    await this.refuseUnfit(spec);
    const known = await this.repository(path);
    const isOurs = known === undefined || known.description?.startsWith(ownMark) === true;
    if (!isOurs && (await branch.isBegun(known.default_branch))) {
      throw taken(this.description, spec);
    }
    // From now on it is known as ours.
    if (!isOurs) await this.describe(spec);
    const found = known ?? (await this.make(spec));
    const isEmpty = await branch.begin(found.default_branch);
    return { isEmpty, id: String(found.id) };
  }

  async repositoryId(place: RepositoryPlace): Promise<string | undefined> {
    const found = await this.repository(repositoryPath(place));
    return found === undefined ? undefined : String(found.id);
  }

  async withdraw(place: RepositoryPlace, leftovers: Leftovers): Promise<void> {
    const path = repositoryPath(place);
    const at = `${place.organisation}/${place.repository}`;
    const keys = await this.list<{ id: number; title: string }>(`${path}/keys`, `deploy keys of ${at}`);
    for (const { id, title } of keys.filter((key) => key.title === leftovers.deployKeyTitle))
      await this.delete(`${path}/keys/${String(id)}`, `withdrawing the deploy key "${title}" of ${at}`);
    const isOurs = ({ config }: Hook): boolean =>
      URL.canParse(config.url ?? "") && leftovers.webhookHosts.includes(new URL(config.url ?? "").host);
    const hooks = await this.list<Hook>(`${path}/hooks`, `webhooks of ${at}`);
    for (const { id } of hooks.filter(isOurs))
      await this.delete(`${path}/hooks/${String(id)}`, `withdrawing a webhook of ${at}`);
    const protection = await this.client.send("DELETE", `${path}/branches/${defaultBranch}/protection`);
    // A plan without protected branches has none to take away.
    const hasNone = protection.status === 403 && /upgrade to github/i.test(textOf(protection));
    if (!hasNone)
      this.client.expect(protection, [204, 404], `releasing the branch "${defaultBranch}" of ${at}`);
  }

  async bundle(place: RepositoryPlace): Promise<Uint8Array | undefined> {
    if ((await this.repositoryId(place)) === undefined) return undefined;
    return bundleOf(this.access, place);
  }

  async readFile(place: RepositoryPlace, path: string): Promise<RepositoryFile | undefined> {
    const at = path.split("/").map(encode).join("/");
    const answer = await this.client.send(
      "GET",
      `${repositoryPath(place)}/contents/${at}?ref=${defaultBranch}`,
    );
    if (answer.status === 404) return undefined;
    const file = this.client.expect(answer, [200], `reading ${path}`) as { content?: string; sha: string };
    return { content: Buffer.from(file.content ?? "", "base64").toString("utf8"), version: file.sha };
  }

  async folders(place: RepositoryPlace, folder: string): Promise<readonly string[]> {
    const at = `${repositoryPath(place)}/contents/${encode(folder)}?ref=${defaultBranch}`;
    const answer = await this.client.send("GET", at);
    return answer.status === 404 ? [] : foldersIn(this.client.expect(answer, [200], `listing ${folder}`));
  }

  async commit(place: RepositoryPlace, message: string, changes: readonly FileChange[]): Promise<void> {
    await new GitHubBranch(this.client, place).commit(message, changes);
  }

  /** What the organisation would refuse later, in the words of another program. */
  private async refuseUnfit({
    organisation,
    visibility = "private",
    guard = defaultGuard,
  }: RepositorySpec): Promise<void> {
    const answer = await this.client.send("GET", `/orgs/${encode(organisation)}`);
    if (answer.status === 404) {
      throw new GitHostError(
        "refused",
        `${this.description} has no organisation "${organisation}", or the token can't see it; ` +
          `correct terp:git.organisation, or make a token of a member's`,
      );
    }
    const found = this.client.expect(
      answer,
      [200],
      `looking for the organisation "${organisation}"`,
    ) as OrganisationAnswer;
    if (found.deploy_keys_enabled_for_repositories === false) {
      throw this.client.failure(
        { status: 422, body: { message: "Deploy keys are disabled" }, bytes: new Uint8Array() },
        `looking whether "${organisation}" allows deploy keys`,
      );
    }
    if (found.plan?.name === "free" && visibility !== "public" && guard.isProtected) {
      throw new GitHostError(
        "forbidden",
        `${this.description}: the plan of the organisation "${organisation}" is free, which protects no branch of a repository that isn't public; ` +
          `use the plan Team, or set terp:git.protect to false, or terp:git.visibility to public`,
      );
    }
  }

  /** Makes the repository with one commit: GitHub takes no commit of several files where there is none. */
  private async make(spec: RepositorySpec): Promise<RepositoryAnswer> {
    const { organisation, repository, description, visibility = "private" } = spec;
    const what = `making ${organisation}/${repository}`;
    const made = await this.client.send("POST", `/orgs/${encode(organisation)}/repos`, {
      name: repository,
      description,
      private: visibility !== "public",
      visibility,
      auto_init: true,
      has_wiki: false,
      has_projects: false,
    });
    // Another run was faster, or the answer to an earlier try was lost.
    const isThere = made.status === 422 && /already exists/i.test(textOf(made));
    const found = isThere ? await this.repository(repositoryPath(spec)) : undefined;
    return found ?? (this.client.expect(made, [201], what) as RepositoryAnswer);
  }

  private async describe(spec: RepositorySpec): Promise<void> {
    const { description } = spec;
    const described = await this.client.send("PATCH", repositoryPath(spec), { description });
    this.client.expect(described, [200], `describing ${spec.organisation}/${spec.repository}`);
  }

  private async repository(path: string): Promise<RepositoryAnswer | undefined> {
    const answer = await this.client.send("GET", path);
    if (answer.status === 404) return undefined;
    return this.client.expect(answer, [200], `looking for ${path}`) as RepositoryAnswer;
  }

  private async list<T>(path: string, what: string): Promise<readonly T[]> {
    const answer = await this.client.send("GET", `${path}?per_page=100`);
    return this.client.expect(answer, [200], `listing the ${what}`) as T[];
  }

  private async delete(path: string, what: string): Promise<void> {
    this.client.expect(await this.client.send("DELETE", path), [204, 404], what);
  }
}

interface Hook {
  readonly id: number;
  readonly config: { readonly url?: string };
}

const encode = encodeURIComponent;

/** Where GitHub's API has a repository. */
function repositoryPath({ organisation, repository }: RepositoryPlace): string {
  return `/repos/${encode(organisation)}/${encode(repository)}`;
}

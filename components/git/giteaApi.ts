import { foldersIn, textOf } from "./answers";
import { giteaAt, giteaClient, type GiteaAccess } from "./giteaClient";
import { requestPatience, type HostClient, type Patience } from "./hostClient";
import { GiteaRepository, repositoryPath, type RepositoryAnswer } from "./giteaRepository";
import { defaultBranch } from "./names";
import {
  defaultGuard,
  GitHostError,
  ownMark,
  taken,
  type BranchGuard,
  type DeployKey,
  type FileChange,
  type RepositoryFile,
  type RepositoryPlace,
  type RepositorySpec,
  type Webhook,
  type WholeGitHost,
} from "./host";
import { hookRequest, hooksToChange, type HookAnswer } from "./giteaWebhooks";

interface KeyAnswer {
  readonly id: number;
  readonly title: string;
  readonly key: string;
  readonly read_only: boolean;
}

/** Gitea and Forgejo, through their API. */
export class Gitea implements WholeGitHost {
  readonly description: string;
  private readonly client: HostClient;

  /**
   * @param access How it is reached, and as whom.
   * @param patience How long to go on trying.
   */
  constructor(
    private readonly access: GiteaAccess,
    private readonly patience: Patience = {},
  ) {
    this.description = giteaAt(access);
    this.client = giteaClient(access, patience);
  }

  async ensureRepository(spec: RepositorySpec): Promise<{ readonly isEmpty: boolean; readonly id: string }> {
    const path = repositoryPath(spec);
    const found = await new GiteaRepository(
      this.description,
      this.client,
      spec,
      this.patience.request ?? requestPatience,
    ).ensure();
    if (!found.description.startsWith(ownMark)) {
      if (!found.empty) {
        throw taken(this.description, spec);
      }
      // From now on it is known as ours.
      const described = await this.client.send("PATCH", path, { description: spec.description });
      this.client.expect(described, [200], `describing ${path}`);
    }
    await this.ensureProtection(path, spec.guard ?? defaultGuard);
    return { isEmpty: found.empty, id: String(found.id) };
  }

  async repositoryId(place: RepositoryPlace): Promise<string | undefined> {
    const found = await this.repository(repositoryPath(place));
    return found === undefined ? undefined : String(found.id);
  }

  async ensureDeployKey(place: RepositoryPlace, key: DeployKey): Promise<void> {
    const path = `${repositoryPath(place)}/keys`;
    const wanted = keyWithoutComment(key.publicKey);
    let isThere = false;
    for (const existing of await this.keys(place)) {
      if (existing.title !== key.title) continue;
      if (keyWithoutComment(existing.key) === wanted && existing.read_only && !isThere) {
        isThere = true;
        continue;
      }
      this.client.expect(
        await this.client.send("DELETE", `${path}/${String(existing.id)}`),
        [204, 404],
        `withdrawing the deploy key "${key.title}" of ${place.organisation}/${place.repository}`,
      );
    }
    if (isThere) return;
    const added = await this.client.send("POST", path, {
      title: key.title,
      key: key.publicKey,
      read_only: true,
    });
    if (added.status === 422 && (await this.keys(place)).some((one) => keyWithoutComment(one.key) === wanted))
      return;
    this.client.expect(
      added,
      [201],
      `adding the deploy key "${key.title}" to ${place.organisation}/${place.repository}`,
    );
  }

  async ensureWebhook(place: RepositoryPlace, webhook: Webhook): Promise<void> {
    const path = `${repositoryPath(place)}/hooks`;
    const what = `the webhook of ${place.organisation}/${place.repository}`;
    const listed = await this.client.send("GET", `${path}?limit=50`);
    const existing = this.client.expect(listed, [200], `looking for ${what}`) as HookAnswer[];
    const { withdrawn, isMissing } = hooksToChange(existing, webhook);
    for (const id of withdrawn)
      this.client.expect(
        await this.client.send("DELETE", `${path}/${String(id)}`),
        [204, 404],
        `withdrawing ${what}`,
      );
    if (isMissing)
      this.client.expect(await this.client.send("POST", path, hookRequest(webhook)), [201], `making ${what}`);
  }

  async deployKeys(place: RepositoryPlace): Promise<readonly DeployKey[] | undefined> {
    const answer = await this.client.send("GET", `${repositoryPath(place)}/keys?limit=50`);
    if (answer.status === 404) return undefined;
    return (this.client.expect(answer, [200], "listing deploy keys") as KeyAnswer[]).map(
      ({ title, key }) => ({
        title,
        publicKey: key,
      }),
    );
  }

  async bundle(place: RepositoryPlace): Promise<Uint8Array | undefined> {
    const answer = await this.client.send("GET", `${repositoryPath(place)}/archive/${defaultBranch}.bundle`);
    if (answer.status === 404) return undefined;
    this.client.expect(answer, [200], `bundling ${place.organisation}/${place.repository}`);
    return answer.bytes;
  }

  async readFile(place: RepositoryPlace, path: string): Promise<RepositoryFile | undefined> {
    const answer = await this.client.send(
      "GET",
      `${repositoryPath(place)}/contents/${path.split("/").map(encode).join("/")}?ref=${defaultBranch}`,
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
    const what = `committing ${changes.map((change) => change.path).join(", ")} to ${place.organisation}/${place.repository}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.client.send("POST", `${repositoryPath(place)}/contents`, {
        branch: defaultBranch,
        message,
        files: changes.map((change) => ({
          operation: change.operation,
          path: change.path,
          ...(change.operation === "delete"
            ? {}
            : { content: Buffer.from(change.content).toString("base64") }),
          ...(change.operation === "create" ? {} : { sha: change.version }),
        })),
      });
      const isRefused = [403, 409, 422, 500].includes(answer.status);
      if (isRefused && /already exists|not match/i.test(textOf(answer))) {
        throw new GitHostError("outdated", `${what}: ${textOf(answer)}`);
      }
      // Somebody else's commit came in between, which need not touch the same files.
      const isOvertaken =
        isRefused && /cannot lock ref|fast-forward|fetch first|is at .* but expected/i.test(textOf(answer));
      if (!isOvertaken || attempt === 10) {
        this.client.expect(answer, [201], what);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 100 * Math.random()));
    }
  }

  private async ensureProtection(path: string, { approvals, byCodeOwners }: BranchGuard): Promise<void> {
    const isReviewed = approvals > 0;
    const rule = {
      // With reviews nobody pushes but our own account: all else is merged.
      enable_push: true,
      enable_push_whitelist: isReviewed,
      push_whitelist_usernames: isReviewed ? [this.access.username] : [],
      enable_force_push: false,
      required_approvals: approvals,
      block_on_rejected_reviews: true,
      block_on_official_review_requests: isReviewed && byCodeOwners,
    };
    const what = `protecting the branch "${defaultBranch}"`;
    const rules = `${path}/branch_protections`;
    const made = await this.client.send("POST", rules, { rule_name: defaultBranch, ...rule });
    if (made.status === 201) return;
    // 403 is what Gitea answers when the rule exists; a lack of rights would have shown before.
    const isThere = made.status === 409 || (made.status === 403 && /already exist/i.test(textOf(made)));
    if (!isThere) throw this.client.failure(made, what);
    const changed = await this.client.send("PATCH", `${rules}/${defaultBranch}`, rule);
    this.client.expect(changed, [200], what);
  }

  private async repository(path: string): Promise<RepositoryAnswer | undefined> {
    const answer = await this.client.send("GET", path);
    if (answer.status === 404) return undefined;
    return this.client.expect(answer, [200], `looking for ${path}`) as RepositoryAnswer;
  }

  private async keys(place: RepositoryPlace): Promise<KeyAnswer[]> {
    const answer = await this.client.send("GET", `${repositoryPath(place)}/keys?limit=50`);
    return this.client.expect(
      answer,
      [200],
      `listing the deploy keys of ${place.organisation}/${place.repository}`,
    ) as KeyAnswer[];
  }
}

const encode = encodeURIComponent;

/** A public key's type and value, without the comment that may follow. */
export function keyWithoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(" ");
}

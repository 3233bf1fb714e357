import { type Answer, causeOf, explanation, parsed, textOf } from "./giteaAnswers";
import { defaultBranch } from "./names";
import {
  GitHostError,
  ownMark,
  type DeployKey,
  type FileChange,
  type GitHost,
  type RepositoryFile,
  type RepositoryPlace,
  type RepositorySpec,
  type Webhook,
} from "./host";
import { hookRequest, hooksToChange, type HookAnswer } from "./giteaWebhooks";

/** How Gitea is reached. */
export interface GiteaAccess {
  /** Where its API is, e.g. `http://10.0.0.2:30080`, without a slash at the end. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** How long to go on trying. */
export interface Patience {
  /** Milliseconds after which an unreachable Gitea is given up. @default 60000 */
  readonly total?: number;
  /** Milliseconds that one request may take. @default 30000 */
  readonly request?: number;
}

interface RepositoryAnswer {
  readonly id: number;
  readonly description: string;
  readonly empty: boolean;
}

interface KeyAnswer {
  readonly id: number;
  readonly title: string;
  readonly key: string;
  readonly read_only: boolean;
}

/** Gitea and Forgejo, through their API. */
export class Gitea implements GitHost {
  readonly description: string;

  constructor(
    private readonly access: GiteaAccess,
    private readonly patience: Patience = {},
  ) {
    this.description = `Gitea at ${access.url}`;
  }

  async ensureRepository(spec: RepositorySpec): Promise<{ readonly isEmpty: boolean; readonly id: string }> {
    const path = repositoryPath(spec);
    let found = await this.repository(path);
    if (found === undefined) {
      await this.ensureOrganisation(spec.organisation);
      const made = await this.send("POST", `/orgs/${encode(spec.organisation)}/repos`, {
        name: spec.repository,
        description: spec.description,
        private: true,
        auto_init: false,
        default_branch: defaultBranch,
      });
      // 409: another run was faster, or the answer to an earlier try was lost.
      found =
        made.status === 409
          ? await this.repository(path)
          : (this.expect(made, [201], `making ${path}`) as RepositoryAnswer);
      if (found === undefined) throw this.failure(made, `making ${path}`);
    } else if (!found.description.startsWith(ownMark) && !found.empty) {
      throw new GitHostError(
        "taken",
        `${this.description} has a repository ${spec.organisation}/${spec.repository} that wasn't made by Terp and has content; ` +
          `rename it, or hand it over by letting its description begin with "${ownMark}"`,
      );
    }
    await this.ensureProtection(path);
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
      this.expect(
        await this.send("DELETE", `${path}/${String(existing.id)}`),
        [204, 404],
        `withdrawing the deploy key "${key.title}" of ${place.organisation}/${place.repository}`,
      );
    }
    if (isThere) return;
    const added = await this.send("POST", path, { title: key.title, key: key.publicKey, read_only: true });
    if (added.status === 422 && (await this.keys(place)).some((one) => keyWithoutComment(one.key) === wanted))
      return;
    this.expect(
      added,
      [201],
      `adding the deploy key "${key.title}" to ${place.organisation}/${place.repository}`,
    );
  }

  async ensureWebhook(place: RepositoryPlace, webhook: Webhook): Promise<void> {
    const path = `${repositoryPath(place)}/hooks`;
    const what = `the webhook of ${place.organisation}/${place.repository}`;
    const listed = await this.send("GET", `${path}?limit=50`);
    const existing = this.expect(listed, [200], `looking for ${what}`) as HookAnswer[];
    const { withdrawn, isMissing } = hooksToChange(existing, webhook);
    for (const id of withdrawn)
      this.expect(await this.send("DELETE", `${path}/${String(id)}`), [204, 404], `withdrawing ${what}`);
    if (isMissing) this.expect(await this.send("POST", path, hookRequest(webhook)), [201], `making ${what}`);
  }

  async deployKeys(place: RepositoryPlace): Promise<readonly DeployKey[] | undefined> {
    const answer = await this.send("GET", `${repositoryPath(place)}/keys?limit=50`);
    if (answer.status === 404) return undefined;
    return (this.expect(answer, [200], "listing deploy keys") as KeyAnswer[]).map(({ title, key }) => ({
      title,
      publicKey: key,
    }));
  }

  async bundle(place: RepositoryPlace): Promise<Uint8Array | undefined> {
    const answer = await this.send("GET", `${repositoryPath(place)}/archive/${defaultBranch}.bundle`);
    if (answer.status === 404) return undefined;
    this.expect(answer, [200], `bundling ${place.organisation}/${place.repository}`);
    return answer.bytes;
  }

  async readFile(place: RepositoryPlace, path: string): Promise<RepositoryFile | undefined> {
    const answer = await this.send(
      "GET",
      `${repositoryPath(place)}/contents/${path.split("/").map(encode).join("/")}?ref=${defaultBranch}`,
    );
    if (answer.status === 404) return undefined;
    const file = this.expect(answer, [200], `reading ${path}`) as { content?: string; sha: string };
    return { content: Buffer.from(file.content ?? "", "base64").toString("utf8"), version: file.sha };
  }

  async commit(place: RepositoryPlace, message: string, changes: readonly FileChange[]): Promise<void> {
    const what = `committing ${changes.map((change) => change.path).join(", ")} to ${place.organisation}/${place.repository}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send("POST", `${repositoryPath(place)}/contents`, {
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
        this.expect(answer, [201], what);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 100 * Math.random()));
    }
  }

  private async ensureOrganisation(name: string): Promise<void> {
    const made = await this.send("POST", "/orgs", {
      username: name,
      visibility: "private",
      description: `${ownMark} ${name}`,
    });
    if (made.status === 201) return;
    const found = await this.send("GET", `/orgs/${encode(name)}`);
    if (found.status === 200) return;
    if (made.status === 422) {
      throw new GitHostError(
        "taken",
        `${this.description}: the name "${name}" is taken by a user, or is one of its own: ${textOf(made)}; give the tenant another name`,
      );
    }
    throw this.failure(made, `making the organisation "${name}"`);
  }

  private async ensureProtection(path: string): Promise<void> {
    const made = await this.send("POST", `${path}/branch_protections`, {
      rule_name: defaultBranch,
      enable_push: true,
      enable_force_push: false,
      block_on_rejected_reviews: true,
    });
    // 403 is what Gitea answers when the rule exists; a lack of rights would have shown before.
    if (made.status === 403 && /already exist/i.test(textOf(made))) return;
    this.expect(made, [201, 409], `protecting the branch "${defaultBranch}"`);
  }

  private async repository(path: string): Promise<RepositoryAnswer | undefined> {
    const answer = await this.send("GET", path);
    if (answer.status === 404) return undefined;
    return this.expect(answer, [200], `looking for ${path}`) as RepositoryAnswer;
  }

  private async keys(place: RepositoryPlace): Promise<KeyAnswer[]> {
    const answer = await this.send("GET", `${repositoryPath(place)}/keys?limit=50`);
    return this.expect(
      answer,
      [200],
      `listing the deploy keys of ${place.organisation}/${place.repository}`,
    ) as KeyAnswer[];
  }

  private expect(answer: Answer, statuses: readonly number[], what: string): unknown {
    if (!statuses.includes(answer.status)) throw this.failure(answer, what);
    return answer.body;
  }

  private failure(answer: Answer, what: string): GitHostError {
    const [fault, remedy] = explanation(answer.status);
    return new GitHostError(
      fault,
      `${this.description}, ${what}: it answered ${String(answer.status)} ${textOf(answer)}${remedy}`,
    );
  }

  /** One request, repeated while nobody answers: Gitea may be starting, or be on its way to another node. */
  private async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const deadline = Date.now() + (this.patience.total ?? 60_000);
    let wait = 50;
    for (;;) {
      let reason: string;
      try {
        const response = await fetch(`${this.access.url}/api/v1${path}`, {
          method,
          headers: {
            authorization: `Basic ${Buffer.from(`${this.access.username}:${this.access.password}`).toString("base64")}`,
            accept: "application/json",
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(this.patience.request ?? 30_000),
        });
        const bytes = new Uint8Array(await response.arrayBuffer());
        // A bundle is no text; nobody asks for its words.
        const text =
          response.headers.get("content-type")?.includes("json") === true || !response.ok
            ? Buffer.from(bytes).toString("utf8")
            : "";
        const isBusy =
          [502, 503, 504].includes(response.status) ||
          (response.status === 500 && /database is locked/i.test(text));
        if (!isBusy) return { status: response.status, body: parsed(text), bytes };
        reason = `it answered ${String(response.status)}`;
      } catch (error) {
        reason = causeOf(error);
      }
      if (Date.now() + wait > deadline) {
        throw new GitHostError(
          "unreachable",
          `${this.description} can't be reached: ${reason}; see whether it runs with "terp status", and run this again`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, 1000);
    }
  }
}

const encode = encodeURIComponent;

function repositoryPath(place: RepositoryPlace): string {
  return `/repos/${encode(place.organisation)}/${encode(place.repository)}`;
}

/** A public key's type and value, without the comment that may follow. */
export function keyWithoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(" ");
}

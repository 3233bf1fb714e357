import { textOf, type Answer } from "./answers";
import { GitHostError, ownMark, type RepositoryPlace, type RepositorySpec } from "./host";
import type { HostClient } from "./hostClient";
import { defaultBranch } from "./names";

/** A repository as Gitea's API tells it. */
export interface RepositoryAnswer {
  readonly id: number;
  readonly description: string;
  readonly empty: boolean;
}

/** Where Gitea's API has a repository. */
export function repositoryPath(place: RepositoryPlace): string {
  return `/repos/${encode(place.organisation)}/${encode(place.repository)}`;
}

/** A repository at Gitea that may have to be made. */
export class GiteaRepository {
  private readonly path: string;

  /**
   * @param host Gitea in a few words, for messages.
   * @param client Speaks to it.
   * @param spec What is to be made where there is none.
   * @param patience Milliseconds that one request may take: Gitea gives up what it makes for a client that has gone.
   */
  constructor(
    private readonly host: string,
    private readonly client: HostClient,
    private readonly spec: RepositorySpec,
    private readonly patience: number,
  ) {
    this.path = repositoryPath(spec);
  }

  /**
   * Makes it where it is absent. Gitea writes its record first and Git's files then, and takes the record back where it couldn't make the
   * files: where one is there without the other, that is waited for. A record that stays so, since Gitea itself was killed
   * in between, is withdrawn if it was made here, for nobody could use it, and made anew.
   */
  async ensure(): Promise<RepositoryAnswer> {
    const deadline = Date.now() + this.patience;
    for (;;) {
      const isLast = Date.now() >= deadline;
      const found = await this.find();
      if (found === undefined) {
        const made = await this.make();
        // 409: another run was faster, or the answer to an earlier try was lost.
        if (made.status !== 409 || isLast) return this.expectMade(made);
      } else if (!found.empty || (await this.hasFiles())) {
        return found;
      } else if (isLast) {
        await this.withdraw(found);
        return this.expectMade(await this.make());
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(500, this.patience)));
    }
  }

  private async find(): Promise<RepositoryAnswer | undefined> {
    const answer = await this.client.send("GET", this.path);
    if (answer.status === 404) return undefined;
    return this.client.expect(answer, [200], `looking for ${this.path}`) as RepositoryAnswer;
  }

  private async make(): Promise<Answer> {
    const { organisation, repository, description } = this.spec;
    await this.ensureOrganisation(organisation);
    return await this.client.send("POST", `/orgs/${encode(organisation)}/repos`, {
      name: repository,
      description,
      private: true,
      auto_init: false,
      default_branch: defaultBranch,
    });
  }

  private expectMade(made: Answer): RepositoryAnswer {
    return this.client.expect(made, [201], `making ${this.path}`) as RepositoryAnswer;
  }

  /** Of an empty one Gitea says that there are no refs, if it can open it. */
  private async hasFiles(): Promise<boolean> {
    return (await this.client.send("GET", `${this.path}/git/refs`)).status !== 500;
  }

  private async withdraw({ description }: RepositoryAnswer): Promise<void> {
    if (!description.startsWith(ownMark)) {
      const { organisation, repository } = this.spec;
      throw new GitHostError(
        "refused",
        `${this.host} has a record of ${organisation}/${repository} and no files, and it wasn't made by Terp; delete it, or bring its files back`,
      );
    }
    const answer = await this.client.send("DELETE", this.path);
    this.client.expect(answer, [204, 404], `withdrawing ${this.path}, a record without files`);
  }

  private async ensureOrganisation(name: string): Promise<void> {
    const made = await this.client.send("POST", "/orgs", {
      username: name,
      visibility: "private",
      description: `${ownMark} ${name}`,
    });
    if (made.status === 201) return;
    const found = await this.client.send("GET", `/orgs/${encode(name)}`);
    if (found.status === 200) return;
    if (made.status === 422) {
      throw new GitHostError(
        "taken",
        `${this.host}: the name "${name}" is taken by a user, or is one of its own: ${textOf(made)}; give the tenant another name`,
      );
    }
    throw this.client.failure(made, `making the organisation "${name}"`);
  }
}

const encode = encodeURIComponent;

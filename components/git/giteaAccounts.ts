import type { Fault } from "../../infra/fault";
import { textOf } from "./answers";
import { giteaAt, giteaClient, type GiteaAccess } from "./giteaClient";
import { GitHostError, type RepositoryPlace } from "./host";
import type { HostClient, Patience } from "./hostClient";
import { giteaAdministrator } from "./names";

/** A person's account at Gitea, and what it is for. */
export interface PersonalAccount {
  readonly account: string;
  /** The one repository that it gets rights on. */
  readonly place: RepositoryPlace;
}

/** What is wrong with an account's name. */
export function accountFaults(account: string): Fault[] {
  const fault = (expected: string): Fault[] => [
    {
      path: "account",
      given: JSON.stringify(account),
      expected,
      remedy: 'write a person\'s name, for example "ann"',
    },
  ];
  if (!/^[a-z](-?[a-z0-9]){0,38}$/.test(account))
    return fault(
      "at most 39 lower-case letters, digits and single dashes, beginning with a letter and not ending with a dash",
    );
  return account === giteaAdministrator ? fault("an account of a person's, and not the administrator's") : [];
}

/**
 * Accounts of people at Gitea or Forgejo: each clones, pushes and opens changes in the repositories that it was given, and sees nothing
 * else. What they do bears their names.
 */
export class GiteaAccounts {
  private readonly description: string;
  private readonly client: HostClient;

  /** @param access How it is reached, as its administrator. */
  constructor(access: GiteaAccess, patience?: Patience) {
    this.description = giteaAt(access);
    this.client = giteaClient(access, patience);
  }

  /**
   * Gives a person the right to push to a repository, and an account where there is none of that name.
   *
   * @param password For an account that is made, and with `isReset` for one that is there.
   * @returns whether the account has that password now.
   * @throws GitHostError `taken` if the name is an organisation's or an administrator's.
   */
  async admit(
    { account, place }: PersonalAccount,
    password: string,
    isReset = false,
  ): Promise<{ readonly isNew: boolean }> {
    const made = await this.client.send("POST", "/admin/users", {
      username: account,
      email: `${account}@localhost.localdomain`,
      password,
      must_change_password: false,
      restricted: true,
      visibility: "private",
    });
    const isMade = made.status === 201;
    if (!isMade) await this.requireAccount(account, textOf(made));
    const changed = await this.client.send("PATCH", `/admin/users/${encode(account)}`, {
      source_id: 0,
      login_name: account,
      active: true,
      admin: false,
      restricted: true,
      prohibit_login: false,
      allow_create_organization: false,
      // Neither its own nor a fork, which the platform would know nothing of.
      max_repo_creation: 0,
      ...(isReset && !isMade ? { password, must_change_password: false } : {}),
    });
    this.client.expect(changed, [200], `bounding the account "${account}"`);
    const given = await this.client.send("PUT", memberPath(place, account), { permission: "write" });
    this.client.expect(given, [204], `letting "${account}" push to ${nameOf(place)}`);
    return { isNew: isMade || isReset };
  }

  /** Takes the rights on a repository away. The account stays, and what it did. */
  async dismiss({ account, place }: PersonalAccount): Promise<void> {
    const taken = await this.client.send("DELETE", memberPath(place, account));
    this.client.expect(taken, [204, 404], `taking ${nameOf(place)} from "${account}"`);
  }

  /** Nobody is given the password of an administrator, or the name of an organisation. */
  private async requireAccount(account: string, said: string): Promise<void> {
    const found = await this.client.send("GET", `/users/${encode(account)}`);
    const isAdministrator = (found.body as { readonly is_admin?: boolean } | undefined)?.is_admin === true;
    const organisation = await this.client.send("GET", `/orgs/${encode(account)}`);
    if (found.status === 200 && organisation.status !== 200 && !isAdministrator) return;
    throw new GitHostError(
      "taken",
      `${this.description}: "${account}" can't be a person's account: ${said}; take another name`,
    );
  }
}

const encode = encodeURIComponent;

function nameOf({ organisation, repository }: RepositoryPlace): string {
  return `${organisation}/${repository}`;
}

function memberPath({ organisation, repository }: RepositoryPlace, account: string): string {
  return `/repos/${encode(organisation)}/${encode(repository)}/collaborators/${encode(account)}`;
}

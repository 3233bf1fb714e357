import { randomBytes } from "node:crypto";
import { accountFaults, GiteaAccounts } from "../../components/git/giteaAccounts";
import { ownPlaces } from "../../components/git/places";
import { describeFaults } from "../../infra/fault";
import { withCluster } from "../cluster/access";
import { gitAdministrator } from "../cluster/credentials";
import { stackState } from "../engine/stackState";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";
import { deployKeysOf, repositoriesOf } from "../status/inspect";
import { knownTenant } from "../tenant/known";

/** Options of `terp tenant account`. */
export interface TenantAccountOptions {
  readonly stack: string;
  readonly json?: boolean;
  /** Whether one that is there gets another password. */
  readonly newPassword?: boolean;
  /** Whether the rights are taken away instead. */
  readonly remove?: boolean;
}

/** Lets a person push to a tenant's repository at the platform's own Git host, with an account of their own, or no more. */
export async function tenantAccount(
  tenant: string,
  account: string,
  { stack, json, newPassword = false, remove = false }: TenantAccountOptions,
): Promise<void> {
  const faults = accountFaults(account);
  if (faults.length > 0) throw new CommandError(describeFaults(faults), exitCodes.usage);
  const interruption = listenForInterrupt("the same command goes on where this stopped.");
  try {
    const { signal } = interruption;
    const repository = await repositoryOf(tenant, stack, signal);
    const place = ownPlaces.tenant(tenant);
    const credential = await withCluster(stack, signal, gitAdministrator);
    const { origin } = new URL(repository);
    const accounts = new GiteaAccounts({ url: origin, ...credential });
    const result = { tenant, account, repository };
    if (remove) {
      await accounts.dismiss({ account, place });
      say(json, { ...result, removed: true }, [`${account} pushes to ${repository} no more.`]);
      return;
    }
    const password = randomBytes(30).toString("base64url");
    const { isNew } = await accounts.admit({ account, place }, password, newPassword);
    say(json, { ...result, ...(isNew && { password }) }, [
      `${account} may push to ${repository}`,
      isNew ? `password  ${password}` : "It has its password already; --new-password gives it another.",
      `clone     git clone ${repository.replace("://", `://${account}@`)} ${tenant}`,
    ]);
  } finally {
    interruption.release();
  }
}

/** The address of a repository that the platform made at Gitea. */
async function repositoryOf(tenant: string, stack: string, signal: AbortSignal): Promise<string> {
  const state = await stackState(stack, signal);
  const repositories = repositoriesOf(state);
  knownTenant(tenant, Object.keys(repositories), `the stack ${stack}`);
  const found = repositories[tenant] ?? "";
  const isOutside = tenant in deployKeysOf(state) || !found.startsWith("http:");
  if (!isOutside) return found;
  throw new CommandError(
    `The repository of ${tenant} is at ${found}: people have their accounts there, and its owner gives them rights.`,
    exitCodes.usage,
  );
}

function say(json: boolean | undefined, result: object, lines: readonly string[]): void {
  process.stdout.write(`${json === true ? JSON.stringify(result, undefined, 2) : lines.join("\n")}\n`);
}

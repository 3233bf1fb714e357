import { withCluster } from "../cluster/access";
import { gitAdministrator, tenantKubeconfig } from "../cluster/credentials";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";

/** Options of `terp tenant kubeconfig`. */
export interface TenantKubeconfigOptions {
  readonly stack: string;
  /** How long it is valid, in hours. */
  readonly hours: string;
}

/** Prints a kubeconfig with a tenant's rights. */
export async function printTenantKubeconfig(tenant: string, options: TenantKubeconfigOptions): Promise<void> {
  const hours = Number(options.hours);
  if (!(hours > 0 && hours <= 24)) {
    throw new CommandError(
      `--hours: got "${options.hours}", expected more than 0 and at most 24`,
      exitCodes.usage,
    );
  }
  const seconds = Math.max(600, Math.round(hours * 3600));
  const interruption = listenForInterrupt("`terp tenant kubeconfig` changes nothing.");
  try {
    const text = await withCluster(options.stack, interruption.signal, (api, access) =>
      tenantKubeconfig(api, access, { tenant, seconds }),
    );
    process.stdout.write(text);
  } finally {
    interruption.release();
  }
}

/** Answers Git's question for a user and password, in the way of a credential helper. */
export async function answerGit(operation: string, options: { readonly stack: string }): Promise<void> {
  if (operation !== "get") return; // there is nothing to store or forget
  const interruption = listenForInterrupt("`terp git-credential` changes nothing.");
  try {
    const { username, password } = await withCluster(options.stack, interruption.signal, gitAdministrator);
    process.stdout.write(`username=${username}\npassword=${password}\n`);
  } finally {
    interruption.release();
  }
}

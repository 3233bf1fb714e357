import { reconcilerAccount } from "../../components/flux/names";
import { robotAccount } from "../../components/tenant/people";
import { withCluster } from "../cluster/access";
import { accountToken, gitAdministrator, tenantNamespaces } from "../cluster/credentials";
import { tenantKubeconfig, type Proof } from "../cluster/tenantKubeconfig";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";
import { loginOf } from "../status/inspect";

/** Options of `terp tenant kubeconfig`. */
export interface TenantKubeconfigOptions {
  readonly stack: string;
  /** How long a token is valid, in hours. */
  readonly hours: string;
  /** Which of the tenant's robots it is for. */
  readonly robot?: string;
  /** Whether it bears a token of the account that applies the tenant's repository, though people can log in. */
  readonly reconciler?: boolean;
}

/** Prints a kubeconfig for one tenant: with a login for its people, or with a token for a robot or an operator. */
export async function printTenantKubeconfig(tenant: string, options: TenantKubeconfigOptions): Promise<void> {
  const seconds = secondsOf(options.hours);
  if (options.robot !== undefined && options.reconciler === true) {
    throw new CommandError("--robot and --reconciler: expected one of them", exitCodes.usage);
  }
  const interruption = listenForInterrupt("`terp tenant kubeconfig` changes nothing.");
  try {
    const oidc =
      options.robot === undefined && options.reconciler !== true
        ? await loginOf(options.stack, interruption.signal)
        : undefined;
    const text = await withCluster(options.stack, interruption.signal, async (api, access) => {
      const [namespace = ""] = await tenantNamespaces(api, tenant);
      const account = options.robot === undefined ? reconcilerAccount : robotAccount(options.robot);
      const proof: Proof =
        oidc === undefined
          ? { kind: "token", token: await accountToken(api, { tenant, account, seconds }) }
          : { kind: "login", oidc };
      return tenantKubeconfig({ tenant, namespace, access, proof });
    });
    process.stdout.write(text);
  } finally {
    interruption.release();
  }
}

function secondsOf(text: string): number {
  const hours = Number(text);
  if (!(hours > 0 && hours <= 24)) {
    throw new CommandError(`--hours: got "${text}", expected more than 0 and at most 24`, exitCodes.usage);
  }
  return Math.max(600, Math.round(hours * 3600));
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

import { z } from "zod";
import { giteaAdministrator, giteaName, gitNamespace } from "../../components/git/names";
import { roleLabel, tenantLabel } from "../../components/metadata";
import { controlNamespaceName } from "../../components/tenant/names";
import { CommandError, exitCodes } from "../exit";
import { KubeApiError, type KubeApi } from "../../infra/cluster/kubeApi";

/** A user of the Git host. The password is a secret. */
export interface GitCredential {
  readonly username: string;
  readonly password: string;
}

const secret = z.looseObject({ data: z.record(z.string(), z.string()) });

/** The Git host's administrator, from the cluster: the password there is the one in force. */
export async function gitAdministrator(api: KubeApi): Promise<GitCredential> {
  const path = `/api/v1/namespaces/${gitNamespace}/secrets/${giteaName}`;
  const { password } = secret.parse(JSON.parse(await api.text(path))).data;
  if (password === undefined) throw new CommandError(`${path}: the Secret has no password; run \`terp up\``);
  return { username: giteaAdministrator, password: Buffer.from(password, "base64").toString("utf8") };
}

const tokenAnswer = z.looseObject({ status: z.looseObject({ token: z.string() }) });

/** Whose token is made, and for how long. */
export interface TokenRequest {
  readonly tenant: string;
  /** The account in the tenant's control namespace. */
  readonly account: string;
  /** How long it is valid; the API server takes no less than 600. */
  readonly seconds: number;
}

/**
 * A token of an account in a tenant's control namespace, valid for a while. A secret.
 *
 * @throws CommandError if there is no such account.
 */
export async function accountToken(
  api: KubeApi,
  { tenant, account, seconds }: TokenRequest,
): Promise<string> {
  const path = `/api/v1/namespaces/${controlNamespaceName(tenant)}/serviceaccounts/${account}/token`;
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: seconds },
  };
  try {
    return tokenAnswer.parse(await api.post(path, body)).status.token;
  } catch (error) {
    if (!(error instanceof KubeApiError && error.status === 404)) throw error;
    throw new CommandError(
      `Tenant ${tenant}: it has no account "${account}". Its instance in stacks/tenants.ts names its robots (\`people.robots\`); \`terp up\` makes them.`,
      exitCodes.usage,
    );
  }
}

/**
 * The namespaces of a tenant's own.
 *
 * @throws CommandError if there is no such tenant.
 */
export async function tenantNamespaces(api: KubeApi, tenant: string): Promise<string[]> {
  const selector = encodeURIComponent(`${tenantLabel}=${tenant},${roleLabel}=tenant`);
  const found = await api.list(`/api/v1/namespaces?labelSelector=${selector}`);
  if (found.length === 0) {
    throw new CommandError(
      `Tenant ${tenant}: there is none. \`terp status\` shows the tenants.`,
      exitCodes.usage,
    );
  }
  return found.map(({ metadata }) => metadata.name).sort();
}

import { z } from "zod";
import { stringify } from "yaml";
import { reconcilerAccount } from "../../components/flux/names";
import { giteaAdministrator, giteaName, gitNamespace } from "../../components/git/names";
import { tenantLabel } from "../../components/metadata";
import { controlNamespaceName } from "../../components/tenant/names";
import { CommandError, exitCodes } from "../exit";
import type { Access, KubeApi } from "./kubeApi";

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

/** Whose kubeconfig is made, and for how long. */
export interface TenantKubeconfig {
  readonly tenant: string;
  /** How long it is valid; the API server takes no less than 600. */
  readonly seconds: number;
}

/**
 * A kubeconfig with a tenant's rights, valid for a while: it bears a token of the account that applies the tenant's repository.
 *
 * @param access where the cluster is.
 * @throws CommandError if there is no such tenant.
 */
export async function tenantKubeconfig(
  api: KubeApi,
  access: Access,
  { tenant, seconds }: TenantKubeconfig,
): Promise<string> {
  const selector = encodeURIComponent(`${tenantLabel}=${tenant},terp.dev/role=tenant`);
  const [namespace] = await api.list(`/api/v1/namespaces?labelSelector=${selector}`);
  if (namespace === undefined) {
    throw new CommandError(
      `Tenant ${tenant}: there is none. \`terp status\` shows the tenants.`,
      exitCodes.usage,
    );
  }
  const account = `/api/v1/namespaces/${controlNamespaceName(tenant)}/serviceaccounts/${reconcilerAccount}`;
  const answer = await api.post(`${account}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: seconds },
  });
  const { token } = tokenAnswer.parse(answer).status;
  const authority =
    access.certificateAuthority === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(access.certificateAuthority).toString("base64") };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": tenant,
    clusters: [{ name: "terp", cluster: { server: access.server, ...authority } }],
    users: [{ name: tenant, user: { token } }],
    contexts: [
      { name: tenant, context: { cluster: "terp", user: tenant, namespace: namespace.metadata.name } },
    ],
  });
}

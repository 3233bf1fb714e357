import { z } from "zod";
import { webhookSecret } from "../../components/flux/names";
import { receiverApi } from "../../components/flux/receiver";
import { tenantRepository } from "../../components/git/names";
import { controlNamespaceName } from "../../components/tenant/names";
import { webhookUrl } from "../../components/webhook";
import type { KubeApi } from "../../infra/cluster/kubeApi";
import { withCluster } from "../cluster/access";
import { configOf } from "../engine/source";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";

/** Options of `terp tenant webhook`. */
export interface TenantWebhookOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** What a Git host calls at a push, and shows that it is itself by. Both are secret. */
export interface TenantWebhook {
  readonly url: string;
  readonly token: string;
}

const secret = z.looseObject({ data: z.looseObject({ token: z.string() }) });

/**
 * A tenant's webhook, from the cluster.
 *
 * @param base By which Git hosts reach Flux, without a slash at the end; absent where they do from inside the cluster alone.
 * @returns undefined if the tenant has none.
 */
export async function readWebhook(
  api: Pick<KubeApi, "find">,
  tenant: string,
  base: string | undefined,
): Promise<TenantWebhook | undefined> {
  const namespace = controlNamespaceName(tenant);
  const found = await api.find(`/api/v1/namespaces/${namespace}/secrets/${webhookSecret}`);
  const receiver = await api.find(
    `/apis/${receiverApi}/namespaces/${namespace}/receivers/${tenantRepository}`,
  );
  if (found === undefined || receiver === undefined) return undefined;
  const token = Buffer.from(secret.parse(found).data.token, "base64").toString("utf8");
  return { url: webhookUrl(token, { namespace, name: tenantRepository }, base), token };
}

/** Prints what the host of a tenant's repository calls at a push: for its owner to enter there. */
export async function printTenantWebhook(
  tenant: string,
  { stack, json }: TenantWebhookOptions,
): Promise<void> {
  const interruption = listenForInterrupt("`terp tenant webhook` changes nothing.");
  try {
    const { git } = await configOf(stack);
    const webhook = await withCluster(stack, interruption.signal, (api) =>
      readWebhook(api, tenant, git.receiver?.url),
    );
    if (webhook === undefined)
      throw new CommandError(
        `Tenant ${tenant}: it has no webhook. A repository that it brings along gets one with \`webhook\` in its instance in stacks/tenants.ts; \`terp up\` makes it.`,
        exitCodes.usage,
      );
    const { url, token } = webhook;
    const text =
      json === true
        ? JSON.stringify({ tenant, ...webhook }, undefined, 2)
        : [`address   ${url}`, `secret    ${token}`, "content   application/json, for pushes alone"].join(
            "\n",
          );
    process.stdout.write(`${text}\n`);
  } finally {
    interruption.release();
  }
}

import { createHmac } from "node:crypto";
import { z } from "zod";
import { ageKeyField, fluxNamespace, platformKeySecret, tenantKeySecret } from "../../components/flux/names";
import { tenantRepository } from "../../components/git/names";
import { controlNamespaceName } from "../../components/tenant/names";
import { parseKeyFile } from "../../infra/keys/age";
import type { KubeApi } from "../../infra/cluster/kubeApi";

/** What a running platform has of a tenant. */
export interface TenantFacts {
  /** To whom the key in its control namespace belongs; undefined if there is none. */
  readonly recipient: string | undefined;
  /** The revision that Flux applied, e.g. `main@sha1:1234567`; empty if it applied none. */
  readonly revision: string;
  /** Digests of the Secrets that Flux applied, by `namespace/name`; undefined of one that isn't there or is still sealed. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
}

/** What a running platform has, as far as a recovery must bring it back. */
export interface PlatformFacts {
  readonly recipient: string | undefined;
  readonly tenants: Readonly<Record<string, TenantFacts>>;
}

const secretObject = z.looseObject({
  type: z.string().default("Opaque"),
  data: z.record(z.string(), z.string()).default({}),
});
type SecretObject = z.infer<typeof secretObject>;

const kustomization = z.looseObject({
  status: z
    .looseObject({
      lastAppliedRevision: z.string().default(""),
      inventory: z.looseObject({ entries: z.array(z.looseObject({ id: z.string() })).default([]) }).nullish(),
    })
    .default({ lastAppliedRevision: "" }),
});

/** The Secrets of an inventory, whose entries are `namespace_name_group_kind`. */
export function secretsInInventory(ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => {
    const [namespace = "", name = "", group, kind] = id.split("_");
    return kind === "Secret" && group === "" ? [`${namespace}/${name}`] : [];
  });
}

/**
 * A digest of a Secret's content by which two can be compared and nothing else be told; undefined if something in it is still
 * sealed.
 *
 * @param salt random, and forgotten after the comparison.
 */
export function digestOf({ type, data }: SecretObject, salt: Buffer): string | undefined {
  const entries = Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1));
  const isSealed = entries.some(([, value]) =>
    Buffer.from(value, "base64").toString("latin1").startsWith("ENC[AES256_GCM"),
  );
  if (entries.length === 0 || isSealed) return undefined;
  return createHmac("sha256", salt)
    .update(JSON.stringify([type, entries]))
    .digest("hex");
}

async function secretAt(api: KubeApi, namespace: string, name: string): Promise<SecretObject | undefined> {
  const found = await api.find(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  return found === undefined ? undefined : secretObject.parse(found);
}

async function recipientIn(secret: SecretObject | undefined): Promise<string | undefined> {
  const text = secret?.data[ageKeyField];
  if (text === undefined) return undefined;
  return (await parseKeyFile(Buffer.from(text, "base64").toString("utf8"))).recipient;
}

/** To whom the platform's key in a cluster belongs; undefined if there is none. */
export async function platformRecipient(api: KubeApi): Promise<string | undefined> {
  return recipientIn(await secretAt(api, fluxNamespace, platformKeySecret));
}

/** Asks a cluster what it has of the platform and of tenants. */
export async function readFacts(
  api: KubeApi,
  tenants: readonly string[],
  salt: Buffer,
): Promise<PlatformFacts> {
  const found: Record<string, TenantFacts> = {};
  for (const tenant of tenants) found[tenant] = await tenantFacts(api, tenant, salt);
  return { recipient: await platformRecipient(api), tenants: found };
}

async function tenantFacts(api: KubeApi, tenant: string, salt: Buffer): Promise<TenantFacts> {
  const control = controlNamespaceName(tenant);
  const path = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${control}/kustomizations/${tenantRepository}`;
  const { status } = kustomization.parse((await api.find(path)) ?? {});
  const secrets: Record<string, string | undefined> = {};
  for (const id of secretsInInventory((status.inventory?.entries ?? []).map((each) => each.id))) {
    const [namespace = "", name = ""] = id.split("/");
    const secret = await secretAt(api, namespace, name);
    secrets[id] = secret === undefined ? undefined : digestOf(secret, salt);
  }
  return {
    recipient: await recipientIn(await secretAt(api, control, tenantKeySecret)),
    revision: status.lastAppliedRevision,
    secrets,
  };
}

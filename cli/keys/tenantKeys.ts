import { parse, stringify } from "yaml";
import { ageKeyField, tenantKeySecret } from "../../components/flux/names";
import { ageKeyData } from "../../components/flux/sync";
import { seal, unseal } from "../../components/sops";
import { controlNamespaceName } from "../../components/tenant/names";
import {
  formerAnnotation,
  keyPath,
  recipientAnnotation,
  type SealedKey,
  sealedKeyIn,
  storedName,
} from "../../components/tenant/sealedKey";
import { type AgeKeyPair, formatKeyFile, parseKeyFile } from "../../infra/keys/age";
import { generations, relationOf } from "../../infra/keys/generations";
import { CommandError } from "../exit";
import { pause } from "../interrupt";
import { type KeyContext, platformKey } from "./context";

const longestWait = 3 * 60_000;

interface Manifest {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly stringData: Readonly<Record<string, string>>;
}

/** A tenant's key: as it is sealed, and in clear. */
export interface TenantKeys {
  readonly sealed: SealedKey;
  readonly key: AgeKeyPair;
}

/**
 * A tenant's key from the platform repository, opened by the platform's. Where the store has the one that takes its place
 * (a command was interrupted between the two), the repository gets it first.
 *
 * @throws CommandError if there is none.
 */
export async function openTenantKey(context: KeyContext, tenant: string): Promise<TenantKeys> {
  const found = await inRepository(context, tenant);
  const kept = await context.sealed.get(storedName(tenant));
  let { sealed } = found;
  if (kept !== undefined && relationOf(generations(kept), generations(sealed)) === "successor") {
    await commit(context, {
      tenant,
      sealed: kept,
      version: found.version,
      message: `Go on with the key of ${tenant}`,
    });
    sealed = kept;
  }
  const manifest = parse(await unseal(sealed.text, formatKeyFile(await platformKey(context)))) as Manifest;
  return { sealed, key: await parseKeyFile(manifest.stringData[ageKeyField] ?? "") };
}

/** Puts a key in the place of a tenant's: first into the store, so that it is never lost, then into the platform repository. */
export async function replaceTenantKey(
  context: KeyContext,
  {
    tenant,
    from,
    to,
    message,
  }: {
    readonly tenant: string;
    readonly from: TenantKeys;
    readonly to: AgeKeyPair;
    readonly message: string;
  },
): Promise<void> {
  const former = (to.former ?? []).map(({ recipient }) => recipient);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: tenantKeySecret,
      namespace: controlNamespaceName(tenant),
      annotations: {
        [recipientAnnotation]: to.recipient,
        // Empty, not absent: server-side apply leaves what isn't named.
        [formerAnnotation]: former.join(" "),
      },
    },
    stringData: ageKeyData(to),
  };
  const text = await seal(stringify(secret), (await platformKey(context)).recipient);
  const sealed = sealedKeyIn(text);
  if (sealed === undefined) throw new Error(`the key of ${tenant}: what SOPS made can't be read`);
  await context.sealed.replace(storedName(tenant), sealed, from.sealed.recipient);
  const { version } = await inRepository(context, tenant);
  await commit(context, { tenant, sealed, version, message });
}

/**
 * Waits until Flux has brought a tenant's key into the cluster.
 *
 * @throws CommandError if it doesn't within three minutes.
 */
export async function untilInCluster(
  context: KeyContext,
  tenant: string,
  key: AgeKeyPair,
  update: (text: string) => void,
): Promise<void> {
  const path = `/api/v1/namespaces/${controlNamespaceName(tenant)}/secrets/${tenantKeySecret}`;
  const wanted = (key.former ?? []).map(({ recipient }) => recipient).join(" ");
  const deadline = Date.now() + longestWait;
  update("Flux brings it into the cluster");
  for (;;) {
    const text = await context.api.text(path).catch(() => "{}");
    const annotations = (JSON.parse(text) as Partial<Manifest>).metadata?.annotations ?? {};
    if (
      annotations[recipientAnnotation] === key.recipient &&
      (annotations[formerAnnotation] ?? "") === wanted
    )
      return;
    if (Date.now() > deadline) {
      throw new CommandError(
        `The key of ${tenant} is in the platform repository, but Flux hasn't brought it into the cluster for three minutes. ` +
          `\`terp status --stack ${context.stack.name}\` says why; then type the same command again.`,
      );
    }
    await pause(500, context.stack.signal);
  }
}

async function inRepository(
  { host, places, stack }: KeyContext,
  tenant: string,
): Promise<{ readonly sealed: SealedKey; readonly version: string }> {
  const file = await host.readFile(places.platform, keyPath(tenant));
  const sealed = file === undefined ? undefined : sealedKeyIn(file.content);
  if (file === undefined || sealed === undefined) {
    throw new CommandError(
      `The platform repository has no key of the tenant ${tenant} in ${keyPath(tenant)}; \`terp up --stack ${stack.name}\` brings it back.`,
    );
  }
  return { sealed, version: file.version };
}

async function commit(
  { host, places }: KeyContext,
  {
    tenant,
    sealed,
    version,
    message,
  }: {
    readonly tenant: string;
    readonly sealed: SealedKey;
    readonly version: string;
    readonly message: string;
  },
): Promise<void> {
  await host.commit(places.platform, message, [
    { operation: "update", path: keyPath(tenant), content: sealed.text, version },
  ]);
}

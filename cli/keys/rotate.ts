import { keyPath, retiredKeyPath, sealedKeyIn, storedName } from "../../components/tenant/sealedKey";
import { type AgeKeyPair, formatKeyFile, successorOf } from "../../infra/keys/age";
import { platformKeyName } from "../../infra/keys/store";
import { Clone } from "./clone";
import { type KeyContext, platformKey } from "./context";
import { moveRecipient, raiseAgain } from "./raise";
import { openTenantKey, replaceTenantKey, untilInCluster } from "./tenantKeys";

/** What a rotation did. */
export interface Rotation {
  /** `platform`, or the tenant's name. */
  readonly key: string;
  readonly recipient: string;
  /** The recipients of the keys that still decrypt until they are retired. */
  readonly former: readonly string[];
  /** The files that were encrypted anew. */
  readonly files: readonly string[];
}

/** The recipients whose place a key took. */
export function formerOf(key: AgeKeyPair): readonly string[] {
  return (key.former ?? []).map(({ recipient }) => recipient);
}

/**
 * Gives a tenant a new key. One that has a former key already is gone on with: whatever an interrupted rotation left is done
 * now, and nothing twice.
 */
export async function rotateTenant(context: KeyContext, tenant: string): Promise<Rotation> {
  const { progress } = context;
  const key = await progress.phase(`a new key for ${tenant}`, async (update) => {
    const from = await openTenantKey(context, tenant);
    let to = from.key;
    if (to.former === undefined) {
      to = await successorOf(from.key);
      await replaceTenantKey(context, {
        tenant,
        from,
        to,
        message: `Give ${tenant} a new key beside the old one`,
      });
    }
    await untilInCluster(context, tenant, to, update);
    return to;
  });
  const files = context.brought.includes(tenant)
    ? []
    : await progress.phase(`what ${tenant} has encrypted`, () =>
        Clone.with(context, context.places.tenant(tenant), (clone) =>
          clone.reseal(
            { from: formerOf(key), to: key.recipient, identities: formatKeyFile(key) },
            `Encrypt to the new key of ${tenant}\n\nThe old one still decrypts until it is retired.`,
          ),
        ),
      );
  if (context.brought.includes(tenant))
    progress.note(
      `${tenant} brought its repository along: its owner lets .sops.yaml name ${key.recipient}, and seals every Secret anew`,
    );
  await raiseAgain(context, [tenant]);
  return { key: tenant, recipient: key.recipient, former: formerOf(key), files };
}

/** Gives the platform a new key, and seals every tenant's key to it. An interrupted rotation is gone on with. */
export async function rotatePlatform(context: KeyContext): Promise<Rotation> {
  const { keys, progress, stack } = context;
  const key = await progress.phase("a new key for the platform", async () => {
    const found = await platformKey(context);
    if (found.former !== undefined) return found;
    const next = await successorOf(found);
    await keys.replace(platformKeyName, next, found.recipient);
    return next;
  });
  const moved = await moveRecipient(stack, formerOf(key), key.recipient);
  if (moved !== undefined) progress.note(`${moved} names the new recipient: commit it`);
  // Flux must know both keys before anything is sealed to the new one alone.
  await raiseAgain(context, []);
  const files = await progress.phase("the tenants' keys", () => resealTenantKeys(context, key));
  return { key: platformKeyName, recipient: key.recipient, former: formerOf(key), files };
}

async function resealTenantKeys(context: KeyContext, key: AgeKeyPair): Promise<readonly string[]> {
  return Clone.with(context, context.places.platform, async (clone) => {
    const files = await clone.reseal(
      { from: formerOf(key), to: key.recipient, identities: formatKeyFile(key) },
      "Encrypt the tenants' keys to the platform's new key",
    );
    for (const [, tenant = ""] of await clone.matching(/^(?:tenants|retired)\/([^/]+)\/age\.yaml$/)) {
      await copyToStore(context, clone, tenant);
    }
    return files;
  });
}

/** The store's copy of a tenant's key is what the platform repository has, sealed anew. */
async function copyToStore(context: KeyContext, clone: Clone, tenant: string): Promise<void> {
  const text = await clone.read(keyPath(tenant)).catch(() => clone.read(retiredKeyPath(tenant)));
  const sealed = sealedKeyIn(text);
  const kept = await context.sealed.get(storedName(tenant));
  if (sealed === undefined || kept === undefined || kept.recipient !== sealed.recipient) return;
  await context.sealed.replace(storedName(tenant), sealed, kept.recipient);
}

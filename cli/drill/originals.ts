import type { AgeKeyPair } from "../../infra/keys/age";
import { generations, type Generations } from "../../infra/keys/generations";
import type { Kept } from "../../infra/keys/form";
import { platformKeyName, type SecretStore, type StoreReference } from "../../infra/keys/store";
import { openStore, openStoreOf } from "../../infra/keys/stores";
import { privateCaKeyName } from "../../components/certificates/names";
import { deployKeysName } from "../../components/git/names";
import { sealedKeys, storedName } from "../../components/tenant/sealedKey";
import { findKubeconfig } from "../cluster/access";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import type { Source } from "../engine/source";

/** The API of the platform's cluster. @throws if it has none, or it doesn't answer. */
export async function openRunning({ stack }: Source, signal: AbortSignal): Promise<KubeApi> {
  const api = new KubeApi(accessFrom(await findKubeconfig(stack, signal)));
  try {
    await api.text("/readyz");
    return api;
  } catch (error) {
    await api.close();
    throw error;
  }
}

/**
 * Puts copies of the platform's key, of those of the private CA and of deploy keys, and of what its store has of the tenants', into another folder. The store is only read: one
 * that brings a deleted key back when it is asked for it isn't asked for a deleted one.
 *
 * @returns to whom the platform's key belongs.
 * @throws if the store has no key, or can't be read.
 */
export async function copyKeys(
  reference: StoreReference,
  folder: string,
  tenants: readonly string[],
): Promise<Generations> {
  const target: StoreReference = { kind: "file", folder };
  const key = await copyKey<AgeKeyPair>(openStore(reference), openStore(target), platformKeyName);
  if (key === undefined)
    throw new Error(
      `${openStore(reference).describe()} has no key "${platformKeyName}": a recovery would make a new one, and nothing could be decrypted`,
    );
  for (const name of [privateCaKeyName, deployKeysName])
    await copyKey<AgeKeyPair>(openStore(reference), openStore(target), name);
  for (const tenant of tenants) {
    const name = storedName(tenant);
    await copyKey(openStoreOf(sealedKeys, reference), openStoreOf(sealedKeys, target), name);
  }
  return generations(key);
}

async function copyKey<T extends Kept>(
  from: SecretStore<T>,
  to: SecretStore<T>,
  name: string,
): Promise<T | undefined> {
  const found = await from.inspect(name);
  if (found === undefined) return undefined;
  if (found.isDeleted)
    throw new Error(
      `${from.describe()}: the key "${name}" is deleted; the next \`up\` recovers it, and a drill changes nothing`,
    );
  const key = await from.get(name);
  if (key === undefined) return undefined;
  await to.putIfAbsent(name, key);
  return key;
}

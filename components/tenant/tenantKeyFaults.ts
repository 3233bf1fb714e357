import type { SecretStore } from "../../infra/keys/store";
import type { SealedKey } from "./sealedKey";

type Store = Pick<SecretStore<SealedKey>, "describe" | "howToSetAside">;

/** Says why a run stops because of a tenant's key, and how to go on. */
export class TenantKeyError extends Error {
  constructor(tenant: string, message: string) {
    super(`age key of tenant "${tenant}": ${message}`);
    this.name = "TenantKeyError";
    this.stack = "";
  }
}

/** What the platform repository has in the key's place is something else. */
export function notSealed(tenant: string, path: string): TenantKeyError {
  return new TenantKeyError(
    tenant,
    `${path} in the platform repository isn't an encrypted key; nothing was changed. Bring it back from the repository's history`,
  );
}

/** The key is sealed to others than this platform. */
export function otherReaders(
  tenant: string,
  {
    where,
    readers,
    expected,
  }: { readonly where: string; readonly readers: readonly string[]; readonly expected: string },
): TenantKeyError {
  return new TenantKeyError(
    tenant,
    `${where} is encrypted to ${readers.join(", ")}, not to the platform's recipient ` +
      `${expected}; nothing was changed. Bring the platform's former key back to its store`,
  );
}

/** The repository's key isn't the one that the state knows. */
export function otherThanKnown(
  tenant: string,
  { found, known, path }: { readonly found: string; readonly known: string; readonly path: string },
): TenantKeyError {
  return new TenantKeyError(
    tenant,
    `the platform repository has the key of ${found}, the state has ${known}; nothing was changed. ` +
      `Bring the file ${path} back from the repository's history, or, if ${found} is the right one, ` +
      `delete this resource from the state and run this again`,
  );
}

/** Repository and store have keys that have nothing to do with each other. */
export function twoKeys(
  tenant: string,
  {
    found,
    kept,
    path,
    name,
    store,
  }: {
    readonly found: string;
    readonly kept: string;
    readonly path: string;
    readonly name: string;
    readonly store: Store;
  },
): TenantKeyError {
  return new TenantKeyError(
    tenant,
    `the platform repository has the key of ${found}, ${store.describe()} has the key of ${kept}; nothing was changed. ` +
      `Find out which one the tenant's files name. If it's the repository's, set the store's copy aside (type: ${store.howToSetAside(name)}) and run this again; ` +
      `if it's the store's, delete the file ${path} from the platform repository and run this again`,
  );
}

/** Neither repository nor store has the key that the state knows: a new one would not open what was sealed to it. */
export function lostEverywhere(
  tenant: string,
  { known, store }: { readonly known: string; readonly store: Store },
): TenantKeyError {
  return new TenantKeyError(
    tenant,
    `the state has ${known}, but neither the platform repository nor ${store.describe()} has that key; nothing was changed. ` +
      `Bring one of the two back from a backup. Only if nothing encrypted to it is needed any more, delete this resource from the state ` +
      `and run this again: then a new key is made`,
  );
}

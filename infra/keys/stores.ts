import { FileStore } from "./fileStore";
import type { SecretStore, StoreReference } from "./store";

/**
 * Opens the store that a reference names.
 *
 * @throws if it is of an unknown kind: a state may have been written by a newer release.
 */
export function openStore(reference: StoreReference): SecretStore {
  const kinds: Partial<Record<string, () => SecretStore>> = { file: () => new FileStore(reference) };
  const open = kinds[reference.kind];
  if (open !== undefined) return open();
  throw new Error(
    `key store of kind "${reference.kind}": expected "file"; was the state written by a newer release?`,
  );
}

import { FileStore } from "./fileStore";
import { KeyVaultStore } from "./keyVaultStore";
import type { SecretStore, StoreReference } from "./store";

/**
 * Opens the store that a reference names.
 *
 * @throws if it is of an unknown kind: a state may have been written by a newer release.
 */
export function openStore(reference: StoreReference): SecretStore {
  switch (reference.kind) {
    case "file":
      return new FileStore(reference);
    case "azure-key-vault":
      return new KeyVaultStore(reference);
    default:
      throw new Error(
        `key store of kind "${(reference as { readonly kind: string }).kind}": expected "file" or "azure-key-vault"; ` +
          `was the state written by a newer release?`,
      );
  }
}

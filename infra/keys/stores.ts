import { FileStore } from "./fileStore";
import { type Form, type Kept, keyFiles } from "./form";
import { KeyVaultStore } from "./keyVaultStore";
import type { SecretStore, StoreReference } from "./store";

/** Opens the store that a reference names, for keys in clear. See {@link openStoreOf}. */
export function openStore(reference: StoreReference): SecretStore {
  return openStoreOf(keyFiles, reference);
}

/**
 * Opens the store that a reference names, for what has a form of its own.
 *
 * @throws if it is of an unknown kind: a state may have been written by a newer release.
 */
export function openStoreOf<T extends Kept>(form: Form<T>, reference: StoreReference): SecretStore<T> {
  switch (reference.kind) {
    case "file":
      return new FileStore(reference, form);
    case "azure-key-vault":
      return new KeyVaultStore(reference, form);
    default:
      throw new Error(
        `key store of kind "${(reference as { readonly kind: string }).kind}": expected "file" or "azure-key-vault"; ` +
          `was the state written by a newer release?`,
      );
  }
}

import type { AgeKeyPair } from "./age";
import type { Kept } from "./form";

/** Where a key is backed up, as a resource's input: it tells how to open the store and holds no secret. */
export type StoreReference = FileStoreReference | KeyVaultStoreReference;

/** A folder outside the cluster. */
export interface FileStoreReference {
  readonly kind: "file";
  /** Absolute path, or one below the home folder (`~/…`). Only its owner may read it. */
  readonly folder: string;
}

/** A vault of Azure Key Vault. */
export interface KeyVaultStoreReference {
  readonly kind: "azure-key-vault";
  /** The vault's URL, e.g. `https://terp-dev.vault.azure.net`; see {@link isVaultUrl}. */
  readonly url: string;
  /**
   * The stack whose keys these are. A vault's key of another stack is refused.
   *
   * @default not noted and not compared; see {@link forStack}
   */
  readonly stack?: string | undefined;
}

/**
 * What a store tells about a key without reading it. One that is deleted, and can still be brought back as
 * {@link SecretStore.get} does, shows its recipient only then.
 */
export type StoredKey =
  | {
      readonly isDeleted: false;
      readonly recipient: string;
      /**
       * The recipients of the keys that it took the place of.
       *
       * @default none
       */
      readonly former?: readonly string[];
    }
  | { readonly isDeleted: true };

/** What is wrong with a store, or soon will be. */
export interface StoreFinding {
  /** `fault`: the key can't be relied on as it is. `warning`: it can, and shouldn't stay so. */
  readonly severity: "fault" | "warning";
  /** What is so, what is expected, and how to mend it. Never a secret. */
  readonly text: string;
}

/**
 * Where keys are backed up: in clear, or sealed to another key. Whoever puts a key first wins, on one machine and on two: that is what lets a lost state, a
 * crash in between and two runs at once all end with the same key.
 *
 * A key's name is at most 63 lower-case letters, digits and dashes, with a letter first.
 */
export interface SecretStore<T extends Kept = AgeKeyPair> {
  /**
   * The key of that name, or `undefined` where the store has none. A key that was deleted and can still be brought back
   * is brought back.
   *
   * @throws if it can't tell.
   */
  get(name: string): Promise<T | undefined>;

  /**
   * What is known of the key of that name from metadata alone, or `undefined` where the store has none: what a preview
   * may read. Changes nothing.
   *
   * @throws if it can't tell.
   */
  inspect(name: string): Promise<StoredKey | undefined>;

  /** Stores the key unless the store has one of that name, and returns the one it has then: the winner. */
  putIfAbsent(name: string, key: T): Promise<T>;

  /**
   * Puts a key in the place of the one that the store has, which is set aside and not deleted. Nothing happens if the
   * store has it already, so that it can be done again after it was interrupted.
   *
   * @param instead the recipient of the key whose place it takes.
   * @throws if the store has yet another key, or none.
   */
  replace(name: string, key: T, instead: string): Promise<void>;

  /** What is wrong with the store and its key of that name; nothing if all is well. Changes nothing, and doesn't throw. */
  health(name: string): Promise<readonly StoreFinding[]>;

  /** How to set the key of that name aside by hand, without deleting it, so that another takes its place: a command. */
  howToSetAside(name: string): string;

  /** The store in a few words, for messages, e.g. `the folder /var/lib/keys`. */
  describe(): string;
}

/** The name of the platform's key in its store. */
export const platformKeyName = "platform";

/**
 * A key's name that every store takes.
 *
 * @throws with what is expected.
 */
export function checkKeyName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    throw new Error(
      `key name "${name}": expected at most 63 lower-case letters, digits and dashes, with a letter first`,
    );
  }
}

/**
 * Whether a text is the URL of a vault as Azure gives it: `https://`, 3 to 24 letters, digits and single dashes, and the
 * domain of Azure's public cloud, of China or of the US government. Key Vault's documentation has these rules.
 */
export function isVaultUrl(text: string): boolean {
  return /^https:\/\/(?=[a-z0-9-]{3,24}\.)[a-z](-?[a-z0-9])*\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)\/?$/.test(
    text,
  );
}

/** The reference with the stack's name, for a store that notes whose keys it has. */
export function forStack(reference: StoreReference, stack: string): StoreReference {
  return reference.kind === "azure-key-vault" ? { ...reference, stack } : reference;
}

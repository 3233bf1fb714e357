import type { AgeKeyPair } from "./age";

/** Where a key is backed up, as a resource's input: it tells how to open the store and holds no secret. */
export type StoreReference = FileStoreReference;

/** A folder outside the cluster. */
export interface FileStoreReference {
  readonly kind: "file";
  /** Absolute path, or one below the home folder (`~/…`). Only its owner may read it. */
  readonly folder: string;
}

/**
 * Where keys are backed up. Whoever puts a key first wins, on one machine and on two: that is what lets a lost state, a
 * crash in between and two runs at once all end with the same key.
 *
 * A key's name is at most 63 lower-case letters, digits and dashes, with a letter first.
 */
export interface SecretStore {
  /** The key of that name, or `undefined` where the store has none. Throws if it can't tell. */
  get(name: string): Promise<AgeKeyPair | undefined>;

  /** The recipient of the key of that name, from metadata alone: what a preview may read. */
  inspect(name: string): Promise<string | undefined>;

  /** Stores the key unless the store has one of that name, and returns the one it has then: the winner. */
  putIfAbsent(name: string, key: AgeKeyPair): Promise<AgeKeyPair>;

  /** The store in a few words, for messages, e.g. `the folder /var/lib/keys`. */
  describe(): string;
}

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

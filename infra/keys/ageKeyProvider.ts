import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { type AgeKeyPair, makeKeyPair, recipientOf } from "./age";
import type { SecretStore, StoreReference } from "./store";
import { openStore } from "./stores";

interface Inputs {
  readonly store: StoreReference;
  readonly keyName: string;
  readonly expectedRecipient?: string;
}

interface Outputs extends Inputs {
  readonly recipient: string;
  readonly identity: string;
}

/** Says why a run stops because of a key, and how to go on. */
export class KeyError extends Error {
  constructor(where: string, message: string) {
    super(`age key "${where}": ${message}`);
    this.name = "KeyError";
  }
}

/** Carries out {@link AgeKey} in the plugin for dynamic providers. Nothing here prints, and no message holds a private key. */
export class AgeKeyProvider implements dynamic.ResourceProvider<Inputs, Outputs> {
  /** @param open Opens the store that a reference names. */
  constructor(private readonly open: (reference: StoreReference) => SecretStore) {}

  /**
   * Finds in a preview already, from metadata alone, what would stop the run: also a store that can't be reached. A key
   * that the state has is looked for by {@link diff}.
   */
  async check(olds: Inputs, news: Inputs): Promise<dynamic.CheckResult<Inputs>> {
    const isNew = !("keyName" in olds);
    const expected = news.expectedRecipient;
    if (!isNew && expected === undefined) return { inputs: news };
    const store = this.open(news.store);
    const found = await store.inspect(news.keyName);
    if (expected === undefined) return { inputs: news };
    if (found === undefined && isNew)
      return failure(news, "expectedRecipient", nothingToRecover(store, expected));
    if (found?.isDeleted === false && found.recipient !== expected) {
      return failure(
        news,
        "expectedRecipient",
        otherThanExpected(store.describe(), found.recipient, expected),
      );
    }
    return { inputs: news };
  }

  /** Looks at the store each time, so that a plain `up` backs up a key again whose backup was lost or deleted. */
  async diff(_id: string, olds: Outputs, news: Inputs): Promise<dynamic.DiffResult> {
    refuseUnexpected(news, olds.recipient, "the state");
    const store = this.open(news.store);
    const found = await store.inspect(news.keyName);
    if (found?.isDeleted === false)
      refuseOther(news, store, { stored: found.recipient, known: olds.recipient });
    return {
      changes:
        found?.isDeleted !== false ||
        olds.keyName !== news.keyName ||
        olds.expectedRecipient !== news.expectedRecipient ||
        !isDeepStrictEqual(olds.store, news.store),
    };
  }

  async create(inputs: Inputs): Promise<dynamic.CreateResult<Outputs>> {
    const store = this.open(inputs.store);
    const found = await store.get(inputs.keyName);
    if (found === undefined && inputs.expectedRecipient !== undefined) {
      throw new KeyError(inputs.keyName, nothingToRecover(store, inputs.expectedRecipient));
    }
    // The store's answer counts, not what was made here: another run may have been first.
    const key = found ?? (await store.putIfAbsent(inputs.keyName, await makeKeyPair()));
    return { id: inputs.keyName, outs: await this.verified(inputs, key, store.describe()) };
  }

  /** A refresh stops where store and state disagree, and writes nothing: what is missing in the store is put back by the next update. */
  async read(id: string, props?: Outputs): Promise<dynamic.ReadResult<Outputs>> {
    if (props === undefined)
      throw new KeyError(
        id,
        "there is nothing in the state to read it with; let `up` create it, it finds the key",
      );
    const store = this.open(props.store);
    const found = await store.inspect(props.keyName);
    if (found?.isDeleted === false)
      refuseOther(props, store, { stored: found.recipient, known: props.recipient });
    return { id, props: await this.verified(props, props, "the state") };
  }

  /** The key never changes: an update puts it where it belongs now. */
  async update(_id: string, olds: Outputs, news: Inputs): Promise<dynamic.UpdateResult<Outputs>> {
    const store = this.open(news.store);
    const known = await this.verified(news, olds, "the state");
    const winner = await store.putIfAbsent(news.keyName, {
      recipient: known.recipient,
      identity: known.identity,
    });
    refuseOther(news, store, { stored: winner.recipient, known: known.recipient });
    return { outs: await this.verified(news, winner, store.describe()) };
  }

  /** Leaves the key in the store: what it encrypted must stay readable. */
  async delete(): Promise<void> {
    return Promise.resolve();
  }

  private async verified(inputs: Inputs, key: AgeKeyPair, place: string): Promise<Outputs> {
    const recipient = await recipientOf(key.identity);
    if (recipient !== key.recipient) {
      throw new KeyError(
        inputs.keyName,
        `${place} names the recipient ${key.recipient}, but its private key belongs to ${recipient}; nothing was changed. ` +
          `Restore that key from a backup`,
      );
    }
    refuseUnexpected(inputs, recipient, place);
    return {
      store: inputs.store,
      keyName: inputs.keyName,
      ...(inputs.expectedRecipient === undefined ? {} : { expectedRecipient: inputs.expectedRecipient }),
      recipient,
      identity: key.identity,
    };
  }
}

function refuseUnexpected(inputs: Inputs, recipient: string, place: string): void {
  if (inputs.expectedRecipient !== undefined && inputs.expectedRecipient !== recipient) {
    throw new KeyError(inputs.keyName, otherThanExpected(place, recipient, inputs.expectedRecipient));
  }
}

function refuseOther(
  inputs: Inputs,
  store: SecretStore,
  { stored, known }: { readonly stored: string; readonly known: string },
): void {
  if (stored === known) return;
  throw new KeyError(
    inputs.keyName,
    `${store.describe()} has the key of ${stored}, but the state has the key of ${known}; nothing was changed. ` +
      `Find out which one your encrypted files name. If it's the state's, set the store's copy aside (type: ${store.howToSetAside(inputs.keyName)}) and run this again: ` +
      `it is backed up again. If it's the store's, delete this resource from the state and run this again: it is taken from the store`,
  );
}

function otherThanExpected(place: string, given: string, expected: string): string {
  return (
    `${place} has the key of ${given}, but the stack's configuration names ${expected}; nothing was changed. ` +
    `Bring the right key back to the store, or, if ${given} is the right one, set it in the stack's configuration`
  );
}

function nothingToRecover(store: SecretStore, expected: string): string {
  return (
    `the stack's configuration names ${expected}, but ${store.describe()} has no key and neither has the state; nothing was changed. ` +
    `Restore the key to the store. Only if nothing encrypted to it is needed any more, remove the recipient from the stack's configuration: ` +
    `then a new key is made`
  );
}

function failure(inputs: Inputs, property: string, reason: string): dynamic.CheckResult<Inputs> {
  return { inputs, failures: [{ property, reason }] };
}

/** What the plugin for dynamic providers loads. */
export const provider = new AgeKeyProvider(openStore);

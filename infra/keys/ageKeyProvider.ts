import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { type AgeKeyPair, generationsOf, makeKeyPair, recipientOf } from "./age";
import { type Generations, generations, relationOf, stemsFrom } from "./generations";
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
  /** Always there, if empty: what a state lacks is unknown in each preview, and so is all that is made of it. */
  readonly former: NonNullable<AgeKeyPair["former"]>;
  readonly backup: string;
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
    if (found?.isDeleted === false && !stemsFrom(found, expected)) {
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
    const known = generations(olds);
    const store = this.open(news.store);
    const found = await store.inspect(news.keyName);
    if (found?.isDeleted === false) refuseStranger(news, store, { stored: found, known });
    // A key that has taken its place is in the store before the configuration names it.
    if (found?.isDeleted !== false || relationOf(found, known) !== "successor")
      refuseUnexpected(news, known, "the state");
    return {
      changes:
        found?.isDeleted !== false ||
        // Of a state from before it was kept.
        (olds as Partial<Outputs>).former === undefined ||
        !isDeepStrictEqual([found.recipient, found.former ?? []], [known.recipient, known.former]) ||
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
    const outs = await this.verified(inputs, key, store.describe());
    return { id: inputs.keyName, outs: { ...outs, backup: randomUUID() } };
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
      refuseStranger(props, store, { stored: found, known: generations(props) });
    return { id, props: { ...(await this.verified(props, props, "the state")), backup: props.backup } };
  }

  /**
   * Puts the key where it belongs now. Where the store has one that took its place, or that had its place before, the newer of
   * the two is what both have afterwards.
   */
  async update(_id: string, olds: Outputs, news: Inputs): Promise<dynamic.UpdateResult<Outputs>> {
    const store = this.open(news.store);
    const known = await this.whole(news, olds, "the state");
    const isLost = (await store.inspect(news.keyName)) === undefined;
    const backup = isLost ? randomUUID() : olds.backup;
    const winner = await store.putIfAbsent(news.keyName, known);
    refuseStranger(news, store, { stored: generations(winner), known: generations(known) });
    if (relationOf(generations(winner), generations(known)) === "predecessor") {
      await store.replace(news.keyName, known, winner.recipient);
      return { outs: { ...(await this.verified(news, known, "the state")), backup } };
    }
    return { outs: { ...(await this.verified(news, winner, store.describe())), backup } };
  }

  /** Leaves the key in the store: what it encrypted must stay readable. */
  async delete(): Promise<void> {
    return Promise.resolve();
  }

  private async verified(inputs: Inputs, key: AgeKeyPair, place: string): Promise<Omit<Outputs, "backup">> {
    const { recipient, identity, former = [] } = await this.whole(inputs, key, place);
    refuseUnexpected(inputs, generations(key), place);
    return {
      store: inputs.store,
      keyName: inputs.keyName,
      ...(inputs.expectedRecipient === undefined ? {} : { expectedRecipient: inputs.expectedRecipient }),
      recipient,
      identity,
      former,
    };
  }

  /** The key alone, once each of its private halves was found to belong to the public one. */
  private async whole(inputs: Inputs, key: AgeKeyPair, place: string): Promise<AgeKeyPair> {
    const [present, ...former] = generationsOf(key);
    for (const each of [present, ...former]) {
      if (each === undefined) continue;
      const recipient = await recipientOf(each.identity);
      if (recipient === each.recipient) continue;
      throw new KeyError(
        inputs.keyName,
        `${place} names the recipient ${each.recipient}, but its private key belongs to ${recipient}; nothing was changed. ` +
          `Restore that key from a backup`,
      );
    }
    const { recipient, identity } = key;
    return former.length === 0 ? { recipient, identity } : { recipient, identity, former };
  }
}

function refuseUnexpected(inputs: Inputs, key: Generations, place: string): void {
  const expected = inputs.expectedRecipient;
  if (expected !== undefined && !stemsFrom(key, expected)) {
    throw new KeyError(inputs.keyName, otherThanExpected(place, key.recipient, expected));
  }
}

function refuseStranger(
  inputs: Inputs,
  store: SecretStore,
  { stored, known }: { readonly stored: Generations; readonly known: Generations },
): void {
  if (relationOf(stored, known) !== "stranger") return;
  throw new KeyError(
    inputs.keyName,
    `${store.describe()} has the key of ${stored.recipient}, but the state has the key of ${known.recipient}; nothing was changed. ` +
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

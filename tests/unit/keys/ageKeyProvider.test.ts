import { strict as assert } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { type AgeKeyPair, makeKeyPair, successorOf, withoutFormer } from "../../../infra/keys/age";
import { AgeKeyProvider } from "../../../infra/keys/ageKeyProvider";
import type { StoreReference } from "../../../infra/keys/store";
import { MemoryStore } from "../../support/memoryStore";

const here: StoreReference = { kind: "file", folder: "/here" };
const there: StoreReference = { kind: "file", folder: "/there" };
const inputs: { readonly store: StoreReference; readonly keyName: string } = {
  store: here,
  keyName: "platform",
};

type Kept = { readonly former: NonNullable<AgeKeyPair["former"]>; readonly backup: string };
type State = typeof inputs & AgeKeyPair & Kept & { readonly expectedRecipient?: string };

/** A provider with its stores, and what a first run leaves. */
async function afterFirstRun(): Promise<{
  provider: AgeKeyProvider;
  store: MemoryStore;
  moved: MemoryStore;
  state: State;
}> {
  const { provider, store, moved } = aProvider();
  const { outs } = await provider.create(inputs);
  assert.ok(outs);
  store.asked.length = 0;
  return { provider, store, moved, state: outs };
}

function aProvider(): { provider: AgeKeyProvider; store: MemoryStore; moved: MemoryStore } {
  const [store, moved] = [new MemoryStore(), new MemoryStore()];
  return {
    provider: new AgeKeyProvider((reference) => (isDeepStrictEqual(reference, here) ? store : moved)),
    store,
    moved,
  };
}

/** What a provider says of the key itself. */
function withoutBackup(outs: object | undefined): object {
  assert.ok(outs);
  const rest: Partial<State> = { ...outs };
  delete (rest as { backup?: string }).backup;
  return rest;
}

/** What stops a run tells what to do and never holds a private key. */
function stop(pattern: RegExp, ...keys: readonly { readonly identity: string }[]) {
  return (error: Error): boolean => {
    assert.match(error.message, pattern);
    for (const { identity } of keys) assert.ok(!error.message.includes(identity));
    return true;
  };
}

describe("the platform's key", () => {
  describe("at the first run", () => {
    it("is made and backed up", async () => {
      const { provider, store } = aProvider();
      const { id, outs } = await provider.create(inputs);
      assert.equal(id, "platform");
      assert.deepEqual(withoutBackup(outs), { ...inputs, ...store.keys.get("platform"), former: [] });
    });

    it("is another run's, if that was first", async () => {
      const { provider, store } = aProvider();
      const other = await makeKeyPair();
      store.beforePut = () => Promise.resolve(void store.keys.set("platform", other));
      assert.equal((await provider.create(inputs)).outs?.recipient, other.recipient);
    });

    it("isn't looked for by a preview, except by its recipient", async () => {
      const { provider, store } = aProvider();
      await provider.check({} as typeof inputs, { ...inputs, expectedRecipient: "age1other" });
      assert.deepEqual(store.asked, ["inspect"]);
    });

    it("is looked for by a preview even if no recipient is expected: a store that fails stops it", async () => {
      const { provider, store } = aProvider();
      store.inspect = () => Promise.reject(new Error("the store can't be reached"));
      await assert.rejects(provider.check({} as typeof inputs, inputs), /the store can't be reached/);
    });
  });

  describe("after the state was lost", () => {
    it("is the one that the store has", async () => {
      const { provider, state } = await afterFirstRun();
      assert.deepEqual(withoutBackup((await provider.create(inputs)).outs), withoutBackup(state));
    });

    it("stops the run where the store has another one than the configuration names", async () => {
      const { provider, store, state } = await afterFirstRun();
      const wanted = await makeKeyPair();
      const news = { ...inputs, expectedRecipient: wanted.recipient };
      const message = new RegExp(
        `has the key of ${state.recipient}, but the stack's configuration names ${wanted.recipient}; nothing`,
      );
      const { failures } = await provider.check({} as typeof news, news);
      assert.match(failures?.[0]?.reason ?? "", message);
      assert.equal(failures?.[0]?.property, "expectedRecipient");
      await assert.rejects(provider.create(news), stop(message, state));
      assert.ok(!store.asked.includes("putIfAbsent"));
    });
  });

  describe("after state and store were lost", () => {
    it("is not replaced by a new one while the configuration names it", async () => {
      const { provider, store, state } = await afterFirstRun();
      store.keys.clear();
      const news = { ...inputs, expectedRecipient: state.recipient };
      const message =
        /the test's store has no key and neither has the state; nothing was changed\. Restore the key/;
      assert.match((await provider.check({} as typeof news, news)).failures?.[0]?.reason ?? "", message);
      await assert.rejects(provider.create(news), stop(message, state));
      assert.equal(store.keys.size, 0);
    });
  });

  describe("after the store was lost", () => {
    it("is backed up again by the next run", async () => {
      const { provider, store, state } = await afterFirstRun();
      store.keys.clear();
      assert.equal((await provider.diff("platform", state, inputs)).changes, true);
      assert.equal(store.keys.size, 0, "a preview writes nothing");
      assert.deepEqual(
        withoutBackup((await provider.update("platform", state, inputs)).outs),
        withoutBackup(state),
      );
      assert.equal(store.keys.get("platform")?.identity, state.identity);
    });

    it("says so to those who have their copies there too", async () => {
      const { provider, store, state } = await afterFirstRun();
      const { outs: unchanged } = await provider.update("platform", state, inputs);
      assert.equal((unchanged as State).backup, state.backup);
      store.keys.clear();
      const { outs } = await provider.update("platform", state, inputs);
      assert.notEqual((outs as State).backup, state.backup);
    });

    it("survives a refresh, which writes nothing", async () => {
      const { provider, store, state } = await afterFirstRun();
      store.keys.clear();
      assert.deepEqual(await provider.read("platform", state), { id: "platform", props: state });
      assert.equal(store.keys.size, 0);
    });
  });

  describe("after it was deleted in a store that can bring it back", () => {
    it("is brought back by the next run, which a preview shows", async () => {
      const { provider, store, state } = await afterFirstRun();
      store.isDeleted = true;
      assert.equal((await provider.diff("platform", state, inputs)).changes, true);
      assert.deepEqual(await provider.read("platform", state), { id: "platform", props: state });
      assert.equal(store.isDeleted, true, "preview and refresh write nothing");
      assert.deepEqual(
        withoutBackup((await provider.update("platform", state, inputs)).outs),
        withoutBackup(state),
      );
      assert.equal((await provider.diff("platform", state, inputs)).changes, false);
    });

    it("isn't taken for lost where the state was lost too", async () => {
      const { provider, store, state } = await afterFirstRun();
      store.isDeleted = true;
      const news = { ...inputs, expectedRecipient: state.recipient };
      assert.equal((await provider.check({} as typeof news, news)).failures, undefined);
      assert.deepEqual(
        withoutBackup((await provider.create(news)).outs),
        withoutBackup({ ...state, ...news }),
      );
    });
  });

  describe("where the store has another one than the state", () => {
    it("stops preview, refresh and update", async () => {
      const { provider, store, state } = await afterFirstRun();
      const other = await makeKeyPair();
      store.keys.set("platform", other);
      const expected = stop(
        new RegExp(
          `the test's store has the key of ${other.recipient}, but the state has the key of ${state.recipient}; nothing.* aside \\(type: forget platform\\) and run`,
        ),
        state,
        other,
      );
      await assert.rejects(provider.diff("platform", state, inputs), expected);
      await assert.rejects(provider.read("platform", state), expected);
      await assert.rejects(provider.update("platform", state, inputs), expected);
      assert.deepEqual(store.keys.get("platform"), other);
    });
  });

  describe("where the configuration names another recipient than the state has", () => {
    it("stops a preview", async () => {
      const { provider, store, state } = await afterFirstRun();
      store.keys.clear();
      const news = { ...inputs, expectedRecipient: (await makeKeyPair()).recipient };
      await assert.rejects(
        provider.diff("platform", state, news),
        stop(/the state has the key of .* configuration names/, state),
      );
    });
  });

  describe("where a private key doesn't belong to its recipient", () => {
    it("stops the run", async () => {
      const { provider, store, state } = await afterFirstRun();
      const other = await makeKeyPair();
      const message = new RegExp(
        `names the recipient ${other.recipient}, but its private key belongs to ${state.recipient}`,
      );
      store.keys.set("platform", { recipient: other.recipient, identity: state.identity });
      await assert.rejects(provider.create(inputs), stop(message, state));
      await assert.rejects(
        provider.read("platform", { ...state, recipient: other.recipient }),
        stop(message, state),
      );
    });
  });

  describe("later", () => {
    it("is written anew where its state is from before former keys were kept", async () => {
      const { provider, state } = await afterFirstRun();
      const older = { ...state, former: undefined } as unknown as State;
      assert.equal((await provider.diff("platform", older, inputs)).changes, true);
      assert.deepEqual((await provider.update("platform", older, inputs)).outs, state);
    });

    it("is unchanged, and a preview reads nothing but its recipient", async () => {
      const { provider, store, state } = await afterFirstRun();
      assert.equal((await provider.diff("platform", state, inputs)).changes, false);
      assert.deepEqual(store.asked, ["inspect"]);
    });

    it("gets its recipient recorded without being changed", async () => {
      const { provider, state } = await afterFirstRun();
      const news = { ...inputs, expectedRecipient: state.recipient };
      const change = await provider.diff("platform", state, news);
      assert.equal(change.changes, true);
      assert.equal(change.replaces, undefined);
      assert.deepEqual((await provider.update("platform", state, news)).outs, { ...state, ...news });
    });

    it("moves to another store by being copied there", async () => {
      const { provider, store, moved, state } = await afterFirstRun();
      const news = { ...inputs, store: there };
      assert.equal((await provider.diff("platform", state, news)).changes, true);
      assert.deepEqual(
        withoutBackup((await provider.update("platform", state, news)).outs),
        withoutBackup({ ...state, store: there }),
      );
      assert.deepEqual(moved.keys.get("platform"), store.keys.get("platform"));
    });

    it("gives way to the one that took its place in the store, though the configuration still names the old one", async () => {
      const { provider, store, state } = await afterFirstRun();
      const successor = await successorOf(state);
      store.keys.set("platform", successor);
      const news = { ...inputs, expectedRecipient: state.recipient };
      assert.deepEqual((await provider.check(inputs, news)).failures ?? [], []);
      assert.equal((await provider.diff("platform", state, news)).changes, true);
      const { outs } = await provider.update("platform", state, news);
      assert.deepEqual(withoutBackup(outs), { ...news, ...successor });
      assert.equal((await provider.diff("platform", outs as State, news)).changes, false);
    });

    it("takes its place again in a store that was brought back from before", async () => {
      const { provider, store, state } = await afterFirstRun();
      const successor = await successorOf(state);
      const { outs } = await provider.update(
        "platform",
        { ...inputs, ...successor, former: successor.former ?? [], backup: "one" },
        inputs,
      );
      assert.deepEqual(store.keys.get("platform"), successor);
      assert.deepEqual(withoutBackup(outs), { ...inputs, ...successor });
    });

    it("loses its former keys once the store has them no more", async () => {
      const { provider, store, state } = await afterFirstRun();
      const successor = await successorOf(state);
      store.keys.set("platform", withoutFormer(successor));
      const olds = { ...inputs, ...successor, former: successor.former ?? [], backup: "one" };
      assert.equal((await provider.diff("platform", olds, inputs)).changes, true);
      const { outs } = await provider.update("platform", olds, inputs);
      assert.deepEqual(withoutBackup(outs), { ...inputs, ...withoutFormer(successor), former: [] });
    });

    it("stays in the store when the resource is removed", async () => {
      const { provider, store } = await afterFirstRun();
      await provider.delete();
      assert.equal(store.keys.size, 1);
    });
  });
});

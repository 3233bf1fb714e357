import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type AgeKeyPair, formatKeyFile, makeKeyPair, successorOf } from "../../../infra/keys/age";
import { keyFiles } from "../../../infra/keys/form";
import { KeyVaultStore } from "../../../infra/keys/keyVaultStore";
import { aVault, asWritten } from "./aVault";

describe("the Key Vault store", () => {
  const at = aVault();

  describe("at first", () => {
    it("has nothing, and writes nothing by being asked", async () => {
      assert.equal(await at.store().get("platform"), undefined);
      assert.equal(await at.store().inspect("platform"), undefined);
      assert.equal(at.double.vault.secrets.size, 0);
    });

    it("loads nothing of Azure's for another store", () => {
      const script = `require("./infra/keys/ageKeyProvider");
        console.log(Object.keys(require.cache).filter((each) => each.includes("@azure")).length)`;
      const options = { cwd: join(__dirname, "..", "..", ".."), encoding: "utf8" } as const;
      const words = ["--require", "tsx/cjs", "--eval", script];
      assert.equal(spawnSync(process.execPath, words, options).stdout.trim(), "0");
    });

    it("refuses what is no vault's URL, before any token is asked for", () => {
      for (const url of [
        "http://terp.vault.azure.net",
        "https://terp.vault.azure.net.example.org",
        "https://a--b.vault.azure.net",
        "https://vault.azure.net",
      ]) {
        assert.throws(
          () => new KeyVaultStore({ kind: "azure-key-vault", url }, keyFiles),
          /got the URL ".*", expected a/,
        );
      }
    });
  });

  describe("given a key", () => {
    it("gives it back, and says in tags whose it is", async () => {
      const key = await makeKeyPair();
      assert.deepEqual(await at.store().putIfAbsent("platform", key), key);
      assert.deepEqual(await at.store().get("platform"), key);
      const [version, ...others] = at.versions();
      assert.deepEqual(others, []);
      assert.equal(version?.value, formatKeyFile(key));
      assert.equal(version.contentType, "text/x-age-identity");
      const { "terp-write": write, ...tags } = version.tags;
      assert.match(write ?? "", /^[0-9a-f-]{36}$/);
      assert.deepEqual(tags, { "made-by": "terp", "terp-stack": "dev", "terp-recipient": key.recipient });
    });

    it("tells its recipient from metadata: no value is read", async () => {
      const key = await makeKeyPair();
      await at.store().putIfAbsent("platform", key);
      at.double.asked.length = 0;
      at.double.denied.set("get", "role");
      assert.deepEqual(await at.store().inspect("platform"), { isDeleted: false, recipient: key.recipient });
      assert.deepEqual(at.double.asked, ["list"]);
    });

    it("keeps the first of a name, and writes no second version", async () => {
      const [first, second] = [await makeKeyPair(), await makeKeyPair()];
      await at.store().putIfAbsent("platform", first);
      assert.deepEqual(await at.store().putIfAbsent("platform", second), first);
      assert.equal(at.versions().length, 1);
    });

    it("has its successor put in its place, and keeps its version, disabled", async () => {
      const first = await makeKeyPair();
      await at.store().putIfAbsent("platform", first);
      const second = await successorOf(first);
      await at.store().replace("platform", second, first.recipient);
      await at.store().replace("platform", second, first.recipient);
      assert.deepEqual(await at.store().inspect("platform"), {
        isDeleted: false,
        recipient: second.recipient,
        former: [first.recipient],
      });
      assert.deepEqual(await at.store().get("platform"), second);
      assert.deepEqual(
        at.versions().map(({ value }) => value),
        [formatKeyFile(first), formatKeyFile(second)],
      );
    });

    it("is replaced by no key that isn't its own successor", async () => {
      const [first, other] = [await makeKeyPair(), await makeKeyPair()];
      await at.store().putIfAbsent("platform", first);
      await assert.rejects(
        at.store().replace("platform", await successorOf(other), other.recipient),
        new RegExp(
          `got the key of ${first.recipient}, expected that of ${other.recipient}; nothing was changed`,
        ),
      );
      assert.equal(at.versions().length, 1);
    });

    it("finds the oldest enabled version over all pages", async () => {
      const keys = await Promise.all(Array.from({ length: 5 }, makeKeyPair));
      let second = 1_000_000;
      at.double.vault.clock = () => (second += 1) * 1000;
      for (const key of keys) at.double.vault.set("platform", asWritten(key));
      const [oldest, next] = at.versions();
      assert.ok(oldest && next);
      oldest.enabled = false;
      at.double.pageSize = 2;
      assert.deepEqual(await at.store().get("platform"), keys[1]);
    });
  });

  describe("with two runs at once", () => {
    it("ends with one key, and one enabled version", async () => {
      const keys = [await makeKeyPair(), await makeKeyPair(), await makeKeyPair()];
      const holds = keys.map(() => at.double.hold("set", "before"));
      const puts = keys.map((key) => at.store().putIfAbsent("platform", key));
      for (const { reached } of holds) await reached;
      for (const { release } of holds) release();
      const winners = await Promise.all(puts);
      assert.equal(at.versions().length, 3, "each had found nothing and wrote");
      assert.equal(at.enabled().length, 1);
      const kept = await at.store().get("platform");
      for (const winner of winners) assert.deepEqual(winner, kept);
    });

    it("goes by the versions' ids within one second", async () => {
      const [one, other] = [await makeKeyPair(), await makeKeyPair()];
      at.double.vault.clock = () => 1_000_000_500;
      at.double.vault.nextIds = ["b".repeat(32), "a".repeat(32)];
      const hold = at.double.hold("set", "after");
      const put = at.store().putIfAbsent("platform", one);
      await hold.reached;
      at.double.vault.set("platform", asWritten(other));
      hold.release();
      assert.deepEqual(await put, other);
      const [lost] = at.versions().filter(({ enabled }) => !enabled);
      assert.equal(lost?.tags["terp-set-aside"], "lost");
      assert.equal(lost.tags["terp-recipient"], one.recipient);
      assert.deepEqual(
        at.enabled().map(({ id }) => id),
        ["a".repeat(32)],
      );
    });

    it("waits for a listing that lags behind", async () => {
      at.double.vault.listingDelay = 300;
      const key = await makeKeyPair();
      assert.deepEqual(await at.store().putIfAbsent("platform", key), key);
      assert.equal(at.enabled().length, 1);
    });

    it("leaves the winner alone where its own version can't be disabled", async () => {
      const [one, other] = [await makeKeyPair(), await makeKeyPair()];
      at.double.denied.set("update", "role");
      const hold = at.double.hold("set", "before");
      const put = at.store().putIfAbsent("platform", one);
      await hold.reached;
      at.double.vault.clock = () => 1_000;
      at.double.vault.set("platform", asWritten(other));
      at.double.vault.clock = () => Date.now();
      hold.release();
      assert.deepEqual(await put, other);
      assert.equal(at.enabled().length, 2);
      assert.deepEqual(await at.store().get("platform"), other);
      assert.match(
        (await at.store().health("platform"))[0]?.text ?? "",
        /2 versions are enabled, expected one/,
      );
    });
  });

  describe("where the answer to a write is lost", () => {
    it("writes again, and leaves one enabled version", async () => {
      const key = await makeKeyPair();
      const hold = at.double.hold("set", "after");
      const put = at.store().putIfAbsent("platform", key);
      await hold.reached;
      hold.drop();
      assert.deepEqual(await put, key);
      assert.equal(at.versions().length, 2, "the SDK has sent it twice");
      assert.equal(at.enabled().length, 1);
    });
  });

  describe("after a crash between writing and the answer", () => {
    it("finds what was written", async () => {
      const key = await makeKeyPair();
      const hold = at.double.hold("set", "after");
      const put = at.store({ change: 3_000, request: 60_000 }).putIfAbsent("platform", key);
      await hold.reached;
      assert.match(await at.fault(put, key), /writing the secret took longer than 3 s; look at the network/);
      assert.deepEqual(await at.store().putIfAbsent("platform", await makeKeyPair()), key);
      assert.equal(at.versions().length, 1);
    });
  });

  describe("after the secret was deleted", () => {
    let key: AgeKeyPair;
    beforeEach(async () => {
      key = await makeKeyPair();
      at.double.vault.clock = () => Date.now() - 60_000;
      at.double.vault.set("platform", asWritten(key));
      at.double.vault.clock = () => Date.now();
    });

    it("tells that it is, and recovers nothing by being asked", async () => {
      at.double.vault.delete("platform");
      assert.deepEqual(await at.store().inspect("platform"), { isDeleted: true });
      assert.ok(!at.double.asked.includes("recover"));
      assert.match(
        (await at.store().health("platform"))[0]?.text ?? "",
        /it is deleted, and gone for good on \d{4}-\d\d-\d\d; the next `up` recovers it$/,
      );
    });

    it("recovers it, and waits until it is back", async () => {
      at.double.vault.delete("platform");
      at.double.vault.recoveringTakes = 400;
      assert.deepEqual(await at.store().get("platform"), key);
      assert.equal(at.versions().length, 1);
    });

    it("recovers it rather than write another", async () => {
      at.double.vault.delete("platform");
      assert.deepEqual(await at.store().putIfAbsent("platform", await makeKeyPair()), key);
      assert.equal(at.versions().length, 1);
    });

    it("waits while it is still being deleted, and recovers it then", async () => {
      at.double.vault.deletingTakes = 400;
      at.double.vault.delete("platform");
      assert.deepEqual(await at.store().putIfAbsent("platform", await makeKeyPair()), key);
      assert.equal(at.versions().length, 1);
    });

    it("waits while another run recovers it", async () => {
      at.double.vault.delete("platform");
      at.double.vault.recoveringTakes = 400;
      at.double.vault.recover("platform");
      assert.deepEqual(await at.store().putIfAbsent("platform", await makeKeyPair()), key);
      // It may be back between a look and a write: that version has lost.
      assert.equal(at.enabled().length, 1);
    });

    for (const takes of [0, 300]) {
      it(`is recovered by two runs at once, where that takes ${String(takes)} ms`, async () => {
        at.double.vault.delete("platform");
        at.double.vault.recoveringTakes = takes;
        const holds = [at.double.hold("recover", "before"), at.double.hold("recover", "before")];
        const gets = [at.store().get("platform"), at.store().get("platform")];
        for (const { reached } of holds) await reached;
        for (const { release } of holds) release();
        assert.deepEqual(await Promise.all(gets), [key, key]);
      });
    }

    it("says which right is missing to recover it", async () => {
      at.double.vault.delete("platform");
      at.double.denied.set("recover", "role");
      assert.match(
        await at.fault(at.store().get("platform"), key),
        /recovering the deleted secret is refused \(403, ForbiddenByRbac\).*expected the role "Key Vault Secrets Officer"/,
      );
      assert.equal(at.versions().length, 1);
    });

    it("gives up in time where it doesn't come back", async () => {
      at.double.vault.delete("platform");
      at.double.vault.recoveringTakes = 60_000;
      assert.match(
        await at.fault(at.store({ change: 500 }).get("platform"), key),
        / took longer than 0\.5 s; look at the network/,
      );
    });
  });
});

import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { copyKeys } from "../../../cli/drill/originals";
import { sealedKeys, storedName } from "../../../components/tenant/sealedKey";
import { makeKeyPair, successorOf } from "../../../infra/keys/age";
import { generations } from "../../../infra/keys/generations";
import { openStore, openStoreOf } from "../../../infra/keys/stores";
import { aFolder } from "../../support/folders";

/** What of a folder somebody who writes to it would change. */
function imprint(folder: string): string[] {
  return [".", ...readdirSync(folder).sort()].map((name) => {
    const { mode, ino, size, mtimeMs, ctimeMs, nlink } = statSync(join(folder, name));
    const content = name === "." ? "" : readFileSync(join(folder, name), "utf8");
    return [name, mode, ino, size, mtimeMs, ctimeMs, nlink, content].join(" ");
  });
}

describe("the keys of a drill", () => {
  const folder = aFolder();
  const store = () => ({ kind: "file", folder: join(folder.path, "store") }) as const;
  const copy = (): string => join(folder.path, "copy");

  it("are copies of the platform's and the tenants', and the store is as it was", async () => {
    const key = await successorOf(await makeKeyPair());
    await openStore(store()).putIfAbsent("platform", key);
    const text = `kind: Secret\nmetadata:\n  annotations: { terp.dev/recipient: age1blue }\nsops: { age: [{ recipient: ${key.recipient} }] }\n`;
    const sealed = await sealedKeys.parse(text);
    await openStoreOf(sealedKeys, store()).putIfAbsent(storedName("blue"), sealed);
    for (const name of readdirSync(store().folder)) utimesSync(join(store().folder, name), 1, 1);
    const before = imprint(store().folder);

    assert.deepEqual(await copyKeys(store(), copy(), ["blue", "green"]), generations(key));

    assert.deepEqual(imprint(store().folder), before);
    const copied = { kind: "file", folder: copy() } as const;
    assert.deepEqual(await openStore(copied).get("platform"), key);
    assert.deepEqual(await openStoreOf(sealedKeys, copied).get(storedName("blue")), sealed);
    assert.equal(await openStoreOf(sealedKeys, copied).get(storedName("green")), undefined);
  });

  it("are the private CA's as well, where there is one", async () => {
    await openStore(store()).putIfAbsent("platform", await makeKeyPair());
    const authority = await makeKeyPair();
    await openStore(store()).putIfAbsent("private-ca", authority);
    await copyKeys(store(), copy(), []);
    assert.deepEqual(await openStore({ kind: "file", folder: copy() }).get("private-ca"), authority);
  });

  it("aren't made where the store has none", async () => {
    await assert.rejects(
      copyKeys(store(), copy(), []),
      new Error(
        `the folder ${store().folder} has no key "platform": a recovery would make a new one, and nothing could be decrypted`,
      ),
    );
    assert.equal(statSync(store().folder, { throwIfNoEntry: false }), undefined);
  });

  it("aren't copied where others may read the store", async () => {
    await openStore(store()).putIfAbsent("platform", await makeKeyPair());
    chmodSync(store().folder, 0o755);
    await assert.rejects(copyKeys(store(), copy(), []), /others may read/);
  });
});

import { strict as assert } from "node:assert";
import { Decrypter, Encrypter } from "age-encryption";
import fc from "fast-check";
import {
  formatKeyFile,
  isRecipient,
  makeKeyPair,
  parseKeyFile,
  recipientsNamedIn,
  successorOf,
  withoutFormer,
  recipientOf,
} from "../../../infra/keys/age";

describe("an age key pair", () => {
  it("decrypts with one half what the other encrypted", async () => {
    const { recipient, identity } = await makeKeyPair();
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    assert.equal(await decrypter.decrypt(await encrypter.encrypt("hello"), "text"), "hello");
  });

  it("is new each time", async () => {
    assert.notEqual((await makeKeyPair()).recipient, (await makeKeyPair()).recipient);
  });

  it("has the recipient that age-keygen finds for the identity", async () => {
    // A pair from age's own test data.
    assert.equal(
      await recipientOf("AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"),
      "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef",
    );
  });

  it("is refused where it isn't one, without a word of it", async () => {
    const broken = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM9";
    for (const text of [broken, "", "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"]) {
      await assert.rejects(recipientOf(text), (error: Error) => {
        assert.match(error.message, /is no age identity/);
        assert.ok(text === "" || !error.message.includes(text));
        assert.equal(error.cause, undefined);
        return true;
      });
    }
  });
});

describe("a recipient", () => {
  it("is known by its checksum", async () => {
    const { recipient, identity } = await makeKeyPair();
    assert.ok(isRecipient(recipient));
    assert.ok(!isRecipient(recipient.slice(0, -1) + (recipient.endsWith("q") ? "p" : "q")));
    assert.ok(!isRecipient(identity));
    assert.ok(!isRecipient(""));
  });
});

describe("a key file", () => {
  it("is read as it was written", async () => {
    const key = await makeKeyPair();
    assert.deepEqual(await parseKeyFile(formatKeyFile(key)), key);
    assert.deepEqual(recipientsNamedIn(formatKeyFile(key)), [key.recipient]);
  });

  it("is read as age-keygen writes it", async () => {
    const key = await makeKeyPair();
    const text = `# created: 2026-03-01T12:00:00Z\n# public key: ${key.recipient}\n${key.identity}\n`;
    assert.deepEqual(await parseKeyFile(text), key);
  });

  it("is refused where its comment names another recipient", async () => {
    const [one, other] = [await makeKeyPair(), await makeKeyPair()];
    const text = formatKeyFile({ recipient: other.recipient, identity: one.identity });
    await assert.rejects(
      parseKeyFile(text),
      new RegExp(`names the recipient ${other.recipient}, but .* ${one.recipient}`),
    );
  });

  it("holds the keys that this one took the place of, the newest first", async () => {
    const first = await makeKeyPair();
    const second = await successorOf(first);
    const third = await successorOf(second);
    assert.deepEqual(await parseKeyFile(formatKeyFile(third)), third);
    assert.deepEqual(
      recipientsNamedIn(formatKeyFile(third)),
      [third, second, first].map(({ recipient }) => recipient),
    );
    assert.deepEqual(await parseKeyFile(formatKeyFile(withoutFormer(third))), withoutFormer(third));
  });

  it("is refused without a key", async () => {
    await assert.rejects(parseKeyFile("# nothing\n"), /got no identity, expected one or more/);
  });

  it("is refused when cut anywhere within its key, without a word of it", async () => {
    const key = await makeKeyPair();
    const text = formatKeyFile(key);
    const start = text.indexOf(key.identity);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: start + key.identity.length - 1 }), async (length) => {
        const cut = text.slice(0, length);
        await assert.rejects(
          parseKeyFile(cut),
          (error: Error) => !error.message.includes(key.identity.slice(15, 30)),
        );
      }),
    );
  });
});

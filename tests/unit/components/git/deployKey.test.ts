import { strict as assert } from "node:assert";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

import { makeSshKeyPair } from "../../../../components/git/deployKey";

/** The fields of SSH's wire format. */
function fields(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    assert.ok(at + 4 + length <= bytes.length, "a field ends within the text");
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

describe("a deploy key", () => {
  const { privateKey, publicKey } = makeSshKeyPair();

  it("has a public half as authorized_keys has it: type and value, without a comment", () => {
    assert.match(publicKey, /^ssh-ed25519 [A-Za-z0-9+/]{68}$/);
  });

  it("has a public half of OpenSSH's form: the type and 32 bytes, each with its length", () => {
    const [type, key, ...rest] = fields(Buffer.from(publicKey.split(" ")[1] ?? "", "base64"));
    assert.equal(type?.toString(), "ssh-ed25519");
    assert.equal(key?.length, 32);
    assert.deepEqual(rest, []);
  });

  it("has a private half as PEM, of an ED25519 key", () => {
    assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----\n[^]+\n-----END PRIVATE KEY-----\n$/);
    assert.equal(createPrivateKey(privateKey).asymmetricKeyType, "ed25519");
  });

  it("has halves that belong together", () => {
    const [, raw] = fields(Buffer.from(publicKey.split(" ")[1] ?? "", "base64"));
    const known = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: raw?.toString("base64url") ?? "" },
      format: "jwk",
    });
    const text = Buffer.from("a challenge");
    assert.ok(verify(null, text, known, sign(null, text, createPrivateKey(privateKey))));
  });

  it("is another one each time", () => {
    assert.notEqual(makeSshKeyPair().publicKey, publicKey);
  });
});

import { strict as assert } from "node:assert";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

import { authorityKey } from "../../../../components/certificates/authorityKey";

const identity = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQS4EX6ZZ";

describe("the private CA's key", () => {
  it("follows from the age key, in every run and every release", () => {
    const { d } = createPrivateKey(authorityKey(identity)).export({ format: "jwk" });
    assert.equal(d, "mCNvdpdMza-PZSw9yc14w_6_Gl60PW8klDqayQ8nf7g");
  });

  it("is another one for another age key", () => {
    assert.notEqual(authorityKey(identity), authorityKey(`${identity}A`));
  });

  it("is a key on the curve P-256 in PEM, which clients of TLS know", () => {
    const pem = authorityKey(identity);
    assert.match(pem, /^-----BEGIN EC PRIVATE KEY-----\n/);
    assert.equal(createPrivateKey(pem).asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("has halves that belong together", () => {
    const key = createPrivateKey(authorityKey(identity));
    const text = Buffer.from("signed");
    assert.ok(verify("sha256", text, createPublicKey(key), sign("sha256", text, key)));
  });
});

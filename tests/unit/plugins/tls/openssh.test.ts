import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  makeKey,
  privatePem,
  publicPem,
  readPrivateKey,
  type KeyChoice,
} from "../../../../local/plugins/tls/keys";
import { opensshPrivateKey, opensshPublicKey } from "../../../../local/plugins/tls/openssh";

const choices: readonly KeyChoice[] = [
  { algorithm: "ED25519", ecdsaCurve: "P224", rsaBits: 2048 },
  { algorithm: "RSA", ecdsaCurve: "P224", rsaBits: 2048 },
  { algorithm: "ECDSA", ecdsaCurve: "P256", rsaBits: 2048 },
  { algorithm: "ECDSA", ecdsaCurve: "P384", rsaBits: 2048 },
  { algorithm: "ECDSA", ecdsaCurve: "P521", rsaBits: 2048 },
];

const hasSshKeygen = (() => {
  try {
    execFileSync("ssh-keygen", ["-?"], { stdio: "ignore" });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
})();

describe("a key for OpenSSH", () => {
  for (const choice of choices) {
    const name = choice.algorithm === "ECDSA" ? `ECDSA ${choice.ecdsaCurve}` : choice.algorithm;

    it(`${name}: ssh-keygen reads the private key and finds the public one and its fingerprints`, async function () {
      if (!hasSshKeygen) this.skip();
      const key = await makeKey(choice);
      const folder = mkdtempSync(path.join(os.tmpdir(), "terp-openssh-"));
      try {
        const file = path.join(folder, "key");
        writeFileSync(file, opensshPrivateKey(key) ?? "", { mode: 0o600 });
        const keygen = (...args: string[]): string =>
          execFileSync("ssh-keygen", [...args, "-f", file], { encoding: "utf8" });
        const written = opensshPublicKey(key);
        assert.equal(keygen("-y").trim(), written?.publicKey.trim());
        assert.ok(keygen("-l", "-E", "sha256").includes(written?.fingerprintSha256 ?? "?"));
        assert.ok(keygen("-l", "-E", "md5").includes(`MD5:${written?.fingerprintMd5 ?? "?"}`));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it(`${name}: is the same key after writing and reading PEM`, async () => {
      const key = await makeKey(choice);
      const read = readPrivateKey(privatePem(key));
      assert.equal(publicPem(read), publicPem(key));
      assert.deepEqual(opensshPublicKey(read), opensshPublicKey(key));
    });
  }

  it("doesn't exist for ECDSA on P-224, which OpenSSH doesn't know", async () => {
    const key = await makeKey({ algorithm: "ECDSA", ecdsaCurve: "P224", rsaBits: 2048 });
    assert.equal(opensshPublicKey(key), undefined);
    assert.equal(opensshPrivateKey(key), undefined);
  });

  it("isn't read from what is none, and the message holds nothing of it", () => {
    assert.throws(() => readPrivateKey("nope"), /decoded bytes 0, undecoded 4/);
    const broken = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    assert.throws(
      () => readPrivateKey(broken),
      (error: Error) => !error.message.includes("c2Vj"),
    );
  });
});

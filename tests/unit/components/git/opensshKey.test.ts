import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { makeSshKeyPair } from "../../../../components/git/deployKey";
import { opensshPrivateKey } from "../../../../components/git/opensshKey";
import { aFolder } from "../../../support/folders";

describe("a deploy key for OpenSSH", () => {
  const folder = aFolder();

  it("is the one that it was made of, as OpenSSH reads it", () => {
    const { privateKey, publicKey } = makeSshKeyPair();
    const file = join(folder.path, "key");
    writeFileSync(file, opensshPrivateKey(privateKey), { mode: 0o600 });
    assert.equal(execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim(), publicKey);
  });

  it("is the same text each time, so that no run changes it", () => {
    const { privateKey } = makeSshKeyPair();
    assert.equal(opensshPrivateKey(privateKey), opensshPrivateKey(privateKey));
  });

  it("is left as it is where it is OpenSSH's already", () => {
    const { privateKey } = makeSshKeyPair();
    const own = opensshPrivateKey(privateKey);
    assert.equal(opensshPrivateKey(own), own);
  });
});

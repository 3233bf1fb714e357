import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { seal, unseal } from "../../../components/sops";
import { ownPath } from "../../support/onPath";

const manifest = "kind: Secret\nstringData:\n  password: the clear text\n";

// With the real sops: the tests of a tenant's key, and those on a cluster.
describe("encrypting a Secret", () => {
  const path = ownPath();

  /** The message of what stops it. */
  async function fault(work: Promise<string> = seal(manifest, "age1team")): Promise<string> {
    return work.then(
      () => assert.fail("it went well"),
      (error: unknown) => (error as Error).message,
    );
  }

  it("says how to get sops where there is none on PATH", async () => {
    assert.equal(
      await fault(),
      'encrypting a Secret for age1team: there is no "sops" on PATH; run "terp toolchain", or install SOPS',
    );
  });

  it("says what sops says, and never the Secret", async () => {
    path.program("sops", "cat > /dev/null; echo 'no such recipient' >&2; exit 3");
    assert.equal(await fault(), "encrypting a Secret for age1team: sops ended with 3: no such recipient");
  });

  it("says so where sops ends before it has read the Secret", async () => {
    path.program("sops", "exec 0<&-; echo 'broken' >&2; exit 1");
    const large = `${manifest}  more: ${"x".repeat(1_000_000)}\n`;
    assert.equal(
      await fault(seal(large, "age1team")),
      "encrypting a Secret for age1team: sops ended with 1: broken",
    );
  });

  it("doesn't take for encrypted what sops left as it was", async () => {
    path.program("sops", "cat");
    assert.equal(await fault(), "encrypting a Secret for age1team: sops left it as it was");
  });

  it("hands the Secret over by a pipe: neither in an argument nor in the environment", async () => {
    path.program(
      "sops",
      `echo "$@" > ${path.folder}/seen; env >> ${path.folder}/seen; echo "ENC[AES256_GCM"; cat`,
    );
    assert.equal(await seal(manifest, "age1team"), `ENC[AES256_GCM\n${manifest}`);
    const seen = readFileSync(join(path.folder, "seen"), "utf8");
    assert.match(seen, /--age age1team /);
    assert.ok(!seen.includes("the clear text"));
  });

  it("isn't decided by a .sops.yaml of the folder that it is called in", async () => {
    path.program(
      "sops",
      `pwd > ${path.folder}/seen; echo "$@" >> ${path.folder}/seen; echo "ENC[AES256_GCM"`,
    );
    await seal(manifest, "age1team");
    assert.match(readFileSync(join(path.folder, "seen"), "utf8"), /^\/\n--config \/dev\/null encrypt /);
  });
});

describe("decrypting a Secret", () => {
  const path = ownPath();

  it("says how to get sops where there is none on PATH", async () => {
    await assert.rejects(unseal("sealed", "AGE-SECRET-KEY-1"), {
      message: 'decrypting a Secret: there is no "sops" on PATH; run "terp toolchain", or install SOPS',
    });
  });

  it("hands the identities over in the environment of sops alone, in no argument", async () => {
    path.program("sops", `echo "$@" > ${path.folder}/seen; cat > /dev/null; echo "$SOPS_AGE_KEY"`);
    assert.equal(await unseal("sealed", "AGE-SECRET-KEY-1TEST"), "AGE-SECRET-KEY-1TEST\n");
    assert.ok(!readFileSync(join(path.folder, "seen"), "utf8").includes("AGE-SECRET-KEY"));
    assert.equal(process.env["SOPS_AGE_KEY"], undefined);
  });
});

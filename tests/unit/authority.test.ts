import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { authorityIn } from "../../infra/authority";
import { newAuthority } from "../../local/node/certificates";
import { aFolder } from "../support/folders";

const provider = { path: "oidc.caFile", server: "the identity provider" };

describe("the authority that a server is trusted by", () => {
  const folder = aFolder();
  let certificate = "";
  let key = "";
  before(async () => {
    ({ certificate, key } = await newAuthority("login"));
  });

  function file(text: string): string {
    const path = join(folder.path, "ca.pem");
    writeFileSync(path, text);
    return path;
  }

  const message = (given: string): string =>
    "the identity provider can't be used, and nothing was done:\n\n" +
    `oidc.caFile\n  given     ${given}\n` +
    "  expected  a file with the certificates of the authorities that the identity provider is trusted by, in PEM\n" +
    "  remedy    put it there, or take the setting out where every machine trusts the identity provider by what it has already\n";

  it("is every certificate in the file, and nothing else: no key beside it goes anywhere", async () => {
    const text = `the first\n${certificate}${key}the second\r\n${certificate}`;
    assert.equal(await authorityIn(file(text), provider), `${certificate}${certificate}`);
  });

  it("is missing where the file is", async () => {
    const path = join(folder.path, "none.pem");
    await assert.rejects(authorityIn(path, provider), {
      message: message(`a file that can't be read: ENOENT: no such file or directory, open '${path}'`),
    });
  });

  it("is missing in a file with a private key alone, which isn't repeated", async () => {
    const path = file(key);
    await assert.rejects(authorityIn(path, provider), {
      message: message(`${path}, which has no certificate`),
    });
  });

  it("is missing where a certificate was cut off", async () => {
    const path = file(certificate.replace(/\n[^\n]+\n[^\n]+\n-----END/, "\n-----END"));
    await assert.rejects(authorityIn(path, provider), {
      message: message(`${path}, with a certificate that can't be read`),
    });
  });
});

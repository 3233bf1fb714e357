import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newAuthority, newCertificate, reasonToRenew } from "../../../local/node/certificates";
import { certificatesOfNode, hasCertificatesToRenew } from "../../../local/node/expiry";
import { aFolder } from "../../support/folders";

const day = 24 * 60 * 60 * 1000;

describe("the certificates of a node", () => {
  const folder = aFolder();
  const spec = () => ({ name: "test", directory: folder.path, runDirectory: "/run/terp/test" });
  const subject = { commonName: "kubernetes-admin", usage: "client" } as const;

  it("are listed with their ends; what can't be read isn't", async () => {
    const made = new Date("2026-01-01T00:00:00Z");
    const authority = await newAuthority("kubernetes-ca", made);
    const admin = await newCertificate(subject, authority, made);
    mkdirSync(join(folder.path, "pki"));
    for (const [name, text] of [
      ["ca.crt", authority.certificate],
      ["ca.key", authority.key],
      ["admin.crt", admin.certificate],
      ["cut-off.crt", ""],
    ] as const)
      writeFileSync(join(folder.path, "pki", name), text);
    assert.deepEqual(certificatesOfNode(spec()), [
      { name: "admin", isAuthority: false, ends: new Date(made.getTime() + 365 * day) },
      { name: "ca", isAuthority: true, ends: new Date(made.getTime() + 3650 * day) },
    ]);
  });

  it("are none where there is no node", () => {
    assert.deepEqual(certificatesOfNode(spec()), []);
  });

  it("are to be renewed exactly when the node renews them", async () => {
    const made = new Date("2026-01-01T00:00:00Z");
    const authority = await newAuthority("kubernetes-ca", made);
    const { certificate } = await newCertificate(subject, authority, made);
    const ends = new Date(made.getTime() + 365 * day);
    for (const [left, expected] of [
      [30 * day, false],
      [30 * day - 1000, true],
    ] as const) {
      const now = new Date(ends.getTime() - left);
      const renews = reasonToRenew(certificate, { subject, authority: authority.certificate }, now);
      assert.equal(renews !== undefined, expected);
      assert.equal(hasCertificatesToRenew([{ name: "admin", isAuthority: false, ends }], now), expected);
    }
  });

  it("are never to be renewed for the sake of an authority, which no run renews", () => {
    assert.equal(hasCertificatesToRenew([{ name: "ca", isAuthority: true, ends: new Date(0) }]), false);
  });
});

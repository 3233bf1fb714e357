import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

import { PrivateCa } from "../../../../components/certificates/privateCa";
import { recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";
import { tlsAnswers } from "../../../support/tlsAnswers";

function make(now?: Date) {
  const record = recorder({ outputs: tlsAnswers(now) });
  return { record, ca: new PrivateCa("private-ca", { environment: "dev", identity: "an identity" }) };
}

describe("the private CA", () => {
  it("is one certificate that signs itself and may sign servers' alone", async () => {
    const { ca } = make();
    const certificate = new X509Certificate(await resolve(ca.certificate));
    assert.ok(certificate.ca && certificate.verify(certificate.publicKey));
    assert.match(certificate.subject, /CN=Terp dev private CA/);
  });

  it("is good for ten years, and renewed in the last one", async () => {
    const { record } = make();
    await record.settled();
    const { inputs } = record.byName("SelfSignedCert/private-ca");
    assert.deepEqual([inputs.validityPeriodHours, inputs.earlyRenewalHours], [87_600, 8_760]);
  });

  it("has the same name and key after a lost state", async () => {
    const [before, after] = await Promise.all(
      ["2030-01-01", "2031-01-01"].map(async (day) => {
        const { ca } = make(new Date(day));
        return new X509Certificate(await resolve(ca.certificate));
      }),
    );
    assert.equal(after?.subject, before?.subject);
    assert.ok(before && after?.publicKey.equals(before.publicKey));
  });

  it("keeps its key secret", async () => {
    const { ca, record } = make();
    assert.ok(await pulumi.isSecret(ca.privateKey));
    await record.settled();
    assert.ok(record.isSecret(record.byName("SelfSignedCert/private-ca").inputs.privateKeyPem));
  });
});

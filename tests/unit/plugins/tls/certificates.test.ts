import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import {
  makeRequest,
  selfSign,
  signRequest,
  type CertificateTerms,
} from "../../../../local/plugins/tls/certificates";
import { makeKey, privatePem, type KeyChoice } from "../../../../local/plugins/tls/keys";
import { isReadyForRenewal } from "../../../../local/plugins/tls/renewal";

const now = new Date("2030-01-02T03:04:05.678Z");
const terms: CertificateTerms = {
  validityPeriodHours: 48,
  allowedUses: [],
  isCaCertificate: false,
  setSubjectKeyId: false,
};
const choices: readonly KeyChoice[] = [
  { algorithm: "RSA", ecdsaCurve: "P224", rsaBits: 2048 },
  { algorithm: "ED25519", ecdsaCurve: "P224", rsaBits: 2048 },
  ...(["P224", "P256", "P384", "P521"] as const).map(
    (ecdsaCurve) => ({ algorithm: "ECDSA", ecdsaCurve, rsaBits: 2048 }) as const,
  ),
];

async function newKey(
  choice: KeyChoice = { algorithm: "ECDSA", ecdsaCurve: "P256", rsaBits: 2048 },
): Promise<string> {
  return privatePem(await makeKey(choice));
}

describe("certificates", () => {
  for (const choice of choices) {
    const name = choice.algorithm === "ECDSA" ? `ECDSA ${choice.ecdsaCurve}` : choice.algorithm;
    it(`${name}: a CA signs what a request asks for, and OpenSSL verifies both`, async () => {
      const caKey = await newKey(choice);
      const subject = { commonName: "ca.example.test", organization: "Örg & Co" };
      const caTerms = {
        ...terms,
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing"],
        subject,
      };
      const ca = new X509Certificate(selfSign(caKey, caTerms, now).certPem);
      assert.ok(ca.ca && ca.verify(ca.publicKey));
      assert.equal(ca.subject, "O=Örg & Co\nCN=ca.example.test");

      const names = {
        dnsNames: ["a.example.test"],
        ipAddresses: ["192.0.2.1", "2001:db8::1"],
        uris: ["spiffe://x/y"],
      };
      const request = makeRequest(await newKey(choice), {
        subject: { commonName: "a.example.test" },
        ...names,
      });
      const authority = { privateKeyPem: caKey, certPem: ca.toString(), requestPem: request.pem };
      const leafTerms = {
        ...terms,
        allowedUses: ["server_auth", "digital_signature"],
        setSubjectKeyId: true,
      };
      const leaf = new X509Certificate(signRequest(authority, leafTerms, now).certPem);
      assert.ok(leaf.verify(ca.publicKey));
      assert.ok(leaf.checkIssued(ca));
      assert.equal(leaf.ca, false);
      assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
      const expected =
        "DNS:a.example.test, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, URI:spiffe://x/y";
      assert.equal(leaf.subjectAltName, expected);
    });
  }

  it("are valid from now for the hours given, and have the serial number that is their id", async () => {
    const issued = selfSign(await newKey(), { ...terms, subject: { commonName: "x" } }, now);
    const certificate = new X509Certificate(issued.certPem);
    assert.equal(Date.parse(certificate.validFrom), Date.parse("2030-01-02T03:04:05Z"));
    assert.equal(Date.parse(certificate.validTo), Date.parse("2030-01-04T03:04:05Z"));
    assert.equal(BigInt(`0x${certificate.serialNumber}`).toString(), issued.serial);
    assert.equal(certificate.serialNumber.length, 32);
  });

  it("may live beyond 2049, where the notation of time changes", async () => {
    const issued = selfSign(await newKey(), { ...terms, validityPeriodHours: 24 * 365 * 40 }, now);
    assert.match(new X509Certificate(issued.certPem).validTo, /2069/);
  });

  it("refuse an address that is none", async () => {
    assert.throws(() => makeRequest("nope", {}), /Failed to parse private key PEM/);
    const key = await newKey();
    assert.throws(
      () => makeRequest(key, { ipAddresses: ["example.test"] }),
      /invalid IP address.*example\.test/,
    );
  });

  it("are ready for renewal from the early hours before their end on", () => {
    const end = new Date("2030-01-02T00:00:00Z");
    const at = (time: string) => isReadyForRenewal({ end, earlyHours: 2, now: new Date(time) });
    assert.equal(at("2030-01-01T21:59:59Z"), false);
    assert.equal(at("2030-01-01T22:00:00Z"), true);
  });
});

import { generateKeyPairSync } from "node:crypto";

import { makeRequest, selfSign, signRequest } from "../../local/plugins/tls/certificates";
import type { Recorded } from "./recorder";

/**
 * What the provider `tls` would answer, for {@link recorder}: real keys and certificates.
 *
 * @param now When each certificate begins.
 */
export function tlsAnswers(now = new Date()): (resource: Recorded) => Record<string, unknown> {
  return ({ type, inputs }) => {
    const given = plainTexts(inputs as Record<string, unknown>);
    const terms = { isCaCertificate: false, setSubjectKeyId: false, ...given } as never;
    switch (type) {
      case "tls:index/privateKey:PrivateKey":
        return { privateKeyPem: newKey() };
      case "tls:index/selfSignedCert:SelfSignedCert":
        return { certPem: selfSign(given["privateKeyPem"] as string, terms, now).certPem };
      case "tls:index/certRequest:CertRequest":
        return { certRequestPem: makeRequest(given["privateKeyPem"] as string, terms).pem };
      case "tls:index/locallySignedCert:LocallySignedCert": {
        const authority = {
          privateKeyPem: given["caPrivateKeyPem"] as string,
          certPem: given["caCertPem"] as string,
          requestPem: given["certRequestPem"] as string,
        };
        return { certPem: signRequest(authority, terms, now).certPem };
      }
      default:
        return {};
    }
  };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

/** Secrets come to mocks wrapped. */
function plainTexts(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      (value as { value?: unknown } | null)?.value ?? value,
    ]),
  );
}

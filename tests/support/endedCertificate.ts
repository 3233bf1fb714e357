import { generateKeyPairSync } from "node:crypto";

import { selfSign } from "../../local/plugins/tls/certificates";

/** A certificate with its key, each in PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for a host that was good on the first day of 2026. */
export function endedCertificate(host: string): TestCertificate {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const terms = {
    validityPeriodHours: 24,
    allowedUses: ["digital_signature", "key_encipherment"],
    isCaCertificate: false,
    setSubjectKeyId: false,
    dnsNames: [host],
    subject: { commonName: host },
  };
  return { certificate: selfSign(key, terms, new Date("2026-01-01T00:00:00Z")).certPem, key };
}

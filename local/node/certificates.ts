import "reflect-metadata";
import { webcrypto, X509Certificate as NodeCertificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate with its private key, both as PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says. */
export interface Subject {
  readonly commonName: string;
  /** Kubernetes reads it as the user's groups. */
  readonly organization?: string;
  readonly usage: "client" | "server";
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
const certificateDays = 365;

function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  // A serial number is positive and not longer than 20 bytes.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

/** Clocks that are a little apart must not find a new certificate too young. */
function validity(days: number, now: Date): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - 60 * 60 * 1000),
    notAfter: new Date(now.getTime() + days * day),
  };
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** A new certificate authority, valid for ten years. */
export async function newAuthority(commonName: string, now = new Date()): Promise<Pair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ CN: [commonName] }],
    ...validity(authorityDays, now),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privateKeyPem(keys.privateKey) };
}

/** A new certificate from an authority, valid for a year. */
export async function newCertificate(subject: Subject, authority: Pair, now = new Date()): Promise<Pair> {
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ["sign"],
  );
  const names: x509.JsonGeneralNames = [
    ...(subject.dnsNames ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(subject.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [
      ...(subject.organization === undefined ? [] : [{ O: [subject.organization] }]),
      { CN: [subject.commonName] },
    ],
    issuer: issuer.subject,
    ...validity(certificateDays, now),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([
        subject.usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privateKeyPem(keys.privateKey) };
}

/** A new key pair for signing service accounts' tokens, as PEM. */
export async function newSigningKey(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const keys = await newKeys();
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return {
    privateKey: await privateKeyPem(keys.privateKey),
    publicKey: `${x509.PemConverter.encode(spki, "PUBLIC KEY")}\n`,
  };
}

/**
 * Why a certificate has to be made anew.
 *
 * @returns undefined if it is fine: of this authority, with these names, and valid for more than 30 days.
 */
export function reasonToRenew(
  certificate: string,
  expected: { readonly subject: Subject; /** As PEM. */ readonly authority: string },
  now = new Date(),
): string | undefined {
  const { subject, authority } = expected;
  let parsed: NodeCertificate;
  try {
    parsed = new NodeCertificate(certificate);
    if (!parsed.verify(new NodeCertificate(authority).publicKey)) return "it is of another authority";
  } catch {
    return "it can't be read";
  }
  if (Date.parse(parsed.validTo) - now.getTime() < 30 * day) return `it ends at ${parsed.validTo}`;
  for (const name of subject.dnsNames ?? []) {
    if (parsed.checkHost(name) === undefined) return `it isn't for ${name}`;
  }
  for (const address of subject.addresses ?? []) {
    if (parsed.checkIP(address) === undefined) return `it isn't for ${address}`;
  }
  return undefined;
}

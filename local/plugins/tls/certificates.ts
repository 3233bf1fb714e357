import { createHash, createPublicKey, randomBytes, type KeyObject } from "node:crypto";
import { CertificationRequest, CertificationRequestInfo, Attributes } from "@peculiar/asn1-csr";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import { publicDer, readPrivateKey } from "./keys";
import { alternativeNames, distinguishedName, type AlternativeNames, type Subject } from "./names";
import { decodePem, encodePem } from "./pem";
import { arrayBuffer, signerOf } from "./signing";
import { keyUses, purposes } from "./uses";

/** What every certificate is to hold. */
export interface CertificateTerms {
  readonly validityPeriodHours: number;
  /** Names of uses, of keys and of certificates alike. */
  readonly allowedUses: readonly string[];
  readonly isCaCertificate: boolean;
  readonly maxPathLength?: number;
  readonly setSubjectKeyId: boolean;
  readonly setAuthorityKeyId?: boolean;
}

/** A certificate that was made. */
export interface Issued {
  readonly certPem: string;
  /** In decimal. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Makes a certificate request, signed with the key that it is for. @returns it in PEM, and the hash of it in hex */
export function makeRequest(
  privateKeyPem: string,
  names: AlternativeNames & { readonly subject?: Subject },
): { readonly pem: string; readonly hash: string } {
  const key = readPrivateKey(privateKeyPem);
  const signer = signerOf(key);
  const alternatives = alternativeNames(names);
  const wanted =
    alternatives.length === 0 ? [] : [extensionRequest([subjectAlternatives(alternatives, false)])];
  const info = new CertificationRequestInfo({
    subject: distinguishedName(names.subject),
    subjectPKInfo: publicKeyInfo(key),
    attributes: new Attributes(wanted),
  });
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: signer.algorithm,
    signature: signer.sign(AsnConvert.serialize(info)),
  });
  const der = Buffer.from(AsnConvert.serialize(request));
  return { pem: encodePem("CERTIFICATE REQUEST", der), hash: createHash("sha1").update(der).digest("hex") };
}

/** Makes a certificate for a key, signed with that key. */
export function selfSign(
  privateKeyPem: string,
  terms: CertificateTerms & AlternativeNames & { readonly subject?: Subject },
  now: Date,
): Issued {
  const key = readPrivateKey(privateKeyPem);
  const name = distinguishedName(terms.subject);
  const subject = { name, publicKey: publicKeyInfo(key), alternatives: alternativeNames(terms) };
  const authorityKeyId = terms.setAuthorityKeyId ? keyId(subject.publicKey) : undefined;
  return issue({ subject, issuer: { name, key, keyId: authorityKeyId }, terms, now });
}

/** Makes the certificate that a request asks for, signed with a CA's key. */
export function signRequest(
  authority: { readonly privateKeyPem: string; readonly certPem: string; readonly requestPem: string },
  terms: CertificateTerms,
  now: Date,
): Issued {
  const key = readPrivateKey(authority.privateKeyPem);
  const ca = AsnConvert.parse(decodePem(authority.certPem, "CERTIFICATE"), x509.Certificate).tbsCertificate;
  const request = AsnConvert.parse(
    decodePem(authority.requestPem, "CERTIFICATE REQUEST"),
    CertificationRequest,
  );
  const { subject, subjectPKInfo, attributes } = request.certificationRequestInfo;
  return issue({
    subject: { name: subject, publicKey: subjectPKInfo, alternatives: requestedNames(attributes) },
    issuer: { name: ca.subject, key, keyId: subjectKeyIdOf(ca) },
    terms,
    now,
  });
}

interface Issue {
  readonly subject: {
    readonly name: x509.Name;
    readonly publicKey: x509.SubjectPublicKeyInfo;
    readonly alternatives: readonly x509.GeneralName[];
  };
  readonly issuer: {
    readonly name: x509.Name;
    readonly key: KeyObject;
    readonly keyId: OctetString | undefined;
  };
  readonly terms: CertificateTerms;
  readonly now: Date;
}

function issue({ subject, issuer, terms, now }: Issue): Issued {
  const signer = signerOf(issuer.key);
  const serial = serialNumber();
  const notAfter = new Date(now.getTime() + terms.validityPeriodHours * 3_600_000);
  const tbs = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: arrayBuffer(serial),
    signature: signer.algorithm,
    issuer: issuer.name,
    validity: new x509.Validity({ notBefore: now, notAfter }),
    subject: subject.name,
    subjectPublicKeyInfo: subject.publicKey,
    extensions: new x509.Extensions(extensions(subject, issuer.keyId, terms)),
  });
  const certificate = new x509.Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: signer.algorithm,
    signatureValue: signer.sign(AsnConvert.serialize(tbs)),
  });
  const certPem = encodePem("CERTIFICATE", Buffer.from(AsnConvert.serialize(certificate)));
  return { certPem, serial: BigInt(`0x${serial.toString("hex")}`).toString(), notBefore: now, notAfter };
}

/** Sixteen random bytes of which the first is neither zero nor negative, so that all of them count. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial;
}

function extensions(
  subject: Issue["subject"],
  authorityKeyId: OctetString | undefined,
  terms: CertificateTerms,
): x509.Extension[] {
  const result: x509.Extension[] = [];
  const bits = terms.allowedUses.flatMap((use) => keyUses[use] ?? []);
  if (bits.length > 0) {
    const flags = bits.reduce((all, bit) => all | (1 << bit), 0);
    result.push(extension(x509.id_ce_keyUsage, new x509.KeyUsage(flags), true));
  }
  const wanted = terms.allowedUses.flatMap((use) => purposes[use] ?? []);
  if (wanted.length > 0) result.push(extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage(wanted)));
  const pathLength = terms.isCaCertificate ? terms.maxPathLength : undefined;
  const constraints = {
    cA: terms.isCaCertificate,
    ...(pathLength !== undefined && { pathLenConstraint: pathLength }),
  };
  result.push(extension(x509.id_ce_basicConstraints, new x509.BasicConstraints(constraints), true));
  // A CA without it can't be found as the issuer of what it signed.
  if (terms.setSubjectKeyId || terms.isCaCertificate) {
    const id = new x509.SubjectKeyIdentifier(keyId(subject.publicKey).buffer);
    result.push(extension(x509.id_ce_subjectKeyIdentifier, id));
  }
  if (authorityKeyId) {
    const keyIdentifier = new x509.KeyIdentifier(authorityKeyId.buffer);
    const id = new x509.AuthorityKeyIdentifier({ keyIdentifier });
    result.push(extension(x509.id_ce_authorityKeyIdentifier, id));
  }
  if (subject.alternatives.length > 0) {
    result.push(subjectAlternatives(subject.alternatives, subject.name.length === 0));
  }
  return result;
}

function extension(extnID: string, value: object, critical = false): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** Critical where there is no other name (RFC 5280, 4.2.1.6). */
function subjectAlternatives(names: readonly x509.GeneralName[], critical: boolean): x509.Extension {
  return extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName([...names]), critical);
}

/** Extensions that a request asks for (RFC 2985, 5.4.2). */
const extensionRequestType = "1.2.840.113549.1.9.14";

function extensionRequest(wanted: x509.Extension[]): x509.Attribute {
  return new x509.Attribute({
    type: extensionRequestType,
    values: [AsnConvert.serialize(new x509.Extensions(wanted))],
  });
}

function requestedNames(attributes: Attributes): readonly x509.GeneralName[] {
  const wanted = attributes.find(({ type }) => type === extensionRequestType)?.values[0];
  if (!wanted) return [];
  const names = AsnConvert.parse(wanted, x509.Extensions).find(
    ({ extnID }) => extnID === x509.id_ce_subjectAltName,
  );
  return names ? AsnConvert.parse(names.extnValue, x509.SubjectAlternativeName) : [];
}

function subjectKeyIdOf(certificate: x509.TBSCertificate): OctetString | undefined {
  const found = certificate.extensions?.find(({ extnID }) => extnID === x509.id_ce_subjectKeyIdentifier);
  return found && AsnConvert.parse(found.extnValue, x509.SubjectKeyIdentifier);
}

function publicKeyInfo(key: KeyObject): x509.SubjectPublicKeyInfo {
  return AsnConvert.parse(publicDer(key), x509.SubjectPublicKeyInfo);
}

/** The SHA-1 hash of the key's bits (RFC 5280, 4.2.1.2, method 1). */
function keyId(publicKey: x509.SubjectPublicKeyInfo): OctetString {
  const hash = createHash("sha1").update(Buffer.from(publicKey.subjectPublicKey)).digest();
  return new OctetString(arrayBuffer(hash));
}

/** The public key that a certificate is for. @throws Error if it is no certificate in PEM */
export function certifiedKey(certPem: string): KeyObject {
  const { subjectPublicKeyInfo } = AsnConvert.parse(
    decodePem(certPem, "CERTIFICATE"),
    x509.Certificate,
  ).tbsCertificate;
  const key = Buffer.from(AsnConvert.serialize(subjectPublicKeyInfo));
  return createPublicKey({ key, format: "der", type: "spki" });
}

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { DiagnosticError } from "../generated/diagnostic";

export type Algorithm = "RSA" | "ECDSA" | "ED25519";
export type Curve = "P224" | "P256" | "P384" | "P521";

/** What a key is to be. */
export interface KeyChoice {
  readonly algorithm: Algorithm;
  /** Matters for ECDSA only. */
  readonly ecdsaCurve: Curve;
  /** Matters for RSA only. */
  readonly rsaBits: number;
}

/** The curves by OpenSSL's names for them. */
const curves = { secp224r1: "P224", prime256v1: "P256", secp384r1: "P384", secp521r1: "P521" } as const;

const generate = promisify(generateKeyPair);

/** Makes a private key. */
export async function makeKey({ algorithm, ecdsaCurve, rsaBits }: KeyChoice): Promise<KeyObject> {
  if (algorithm === "RSA") return (await generate("rsa", { modulusLength: rsaBits })).privateKey;
  if (algorithm === "ED25519") return (await generate("ed25519")).privateKey;
  const [namedCurve = ""] = Object.entries(curves).find(([, curve]) => curve === ecdsaCurve) ?? [];
  return (await generate("ec", { namedCurve })).privateKey;
}

/**
 * Reads a private key in PEM: PKCS#1, SEC 1 or PKCS#8.
 *
 * @throws DiagnosticError if it is none, without a word of what it holds.
 */
export function readPrivateKey(pem: string): KeyObject {
  const summary = "Failed to parse private key PEM";
  if (!pem.includes("-----BEGIN")) {
    const size = String(Buffer.byteLength(pem));
    throw new DiagnosticError(summary, `failed to decode PEM block: decoded bytes 0, undecoded ${size}`);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    const detail = "expected an unencrypted RSA, ECDSA or ED25519 key in PKCS#1, SEC 1 or PKCS#8";
    throw new DiagnosticError(summary, detail);
  }
}

/** The public key of a private one; of a public one itself. */
export function publicKeyOf(key: KeyObject): KeyObject {
  return key.type === "public" ? key : createPublicKey(key);
}

/** @throws Error for a kind of key that this package doesn't make. */
export function algorithmOf(key: KeyObject): Algorithm {
  const algorithms: Record<string, Algorithm> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };
  const algorithm = algorithms[key.asymmetricKeyType ?? ""];
  if (!algorithm)
    throw new Error(`a key is ${String(key.asymmetricKeyType)}: expected RSA, ECDSA or ED25519`);
  return algorithm;
}

/** @throws Error for a key on another curve, or on none. */
export function curveOf(key: KeyObject): Curve {
  const name = key.asymmetricKeyDetails?.namedCurve ?? "none";
  if (name in curves) return curves[name as keyof typeof curves];
  throw new Error(`a key's curve is ${name}: expected ${Object.values(curves).join(", ")}`);
}

/** A private key in the PEM form that is usual for its algorithm. */
export function privatePem(key: KeyObject): string {
  const algorithm = algorithmOf(key);
  if (algorithm === "RSA") return String(key.export({ format: "pem", type: "pkcs1" }));
  if (algorithm === "ECDSA") return String(key.export({ format: "pem", type: "sec1" }));
  return privatePkcs8Pem(key);
}

/** A private key in the PEM form that is the same for all algorithms. */
export function privatePkcs8Pem(key: KeyObject): string {
  return String(key.export({ format: "pem", type: "pkcs8" }));
}

/** The public key in PEM (SubjectPublicKeyInfo). */
export function publicPem(key: KeyObject): string {
  return String(publicKeyOf(key).export({ format: "pem", type: "spki" }));
}

/** The public key in DER (SubjectPublicKeyInfo). */
export function publicDer(key: KeyObject): Buffer {
  return publicKeyOf(key).export({ format: "der", type: "spki" });
}

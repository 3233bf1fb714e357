import { sign, type KeyObject } from "node:crypto";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { algorithmOf, curveOf } from "./keys";

/** How a key signs: the algorithm to name, and the signature. */
export interface Signer {
  readonly algorithm: AlgorithmIdentifier;
  readonly sign: (content: ArrayBuffer) => ArrayBuffer;
}

const rsa = { oid: "1.2.840.113549.1.1.11", hash: "sha256" };
const ed25519 = { oid: "1.3.101.112", hash: null };
const ecdsa = {
  P224: { oid: "1.2.840.10045.4.3.2", hash: "sha256" },
  P256: { oid: "1.2.840.10045.4.3.2", hash: "sha256" },
  P384: { oid: "1.2.840.10045.4.3.3", hash: "sha384" },
  P521: { oid: "1.2.840.10045.4.3.4", hash: "sha512" },
};

/** Signs as is usual for the key: RSA (PKCS#1 v1.5) and ECDSA with a hash that fits, ED25519 as it is. */
export function signerOf(key: KeyObject): Signer {
  const algorithm = algorithmOf(key);
  const { oid, hash } = algorithm === "RSA" ? rsa : algorithm === "ED25519" ? ed25519 : ecdsa[curveOf(key)];
  return {
    // RSA's parameters are null and not absent (RFC 4055, section 5).
    algorithm: new AlgorithmIdentifier({ algorithm: oid, ...(algorithm === "RSA" && { parameters: null }) }),
    sign: (content) => arrayBuffer(sign(hash, Buffer.from(content), key)),
  };
}

/** The bytes alone, without the rest of the pool that a small Buffer lies in. */
export function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

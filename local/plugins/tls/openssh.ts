import { createHash, randomBytes, type JsonWebKey, type KeyObject } from "node:crypto";
import { algorithmOf, curveOf, publicKeyOf } from "./keys";

/** A key as OpenSSH writes it. */
export interface OpensshKey {
  /** For `authorized_keys`, one line with its end. */
  readonly publicKey: string;
  /** `aa:bb:…` */
  readonly fingerprintMd5: string;
  /** `SHA256:…` */
  readonly fingerprintSha256: string;
}

/** The public key for OpenSSH; `undefined` for ECDSA on P-224, which OpenSSH doesn't know. */
export function opensshPublicKey(key: KeyObject): OpensshKey | undefined {
  const parts = partsOf(publicKeyOf(key));
  if (!parts) return undefined;
  const blob = joined([parts.type, ...parts.publicFields]);
  const md5 = createHash("md5").update(blob).digest("hex");
  return {
    publicKey: `${parts.type} ${blob.toString("base64")}\n`,
    fingerprintMd5: (md5.match(/../g) ?? []).join(":"),
    fingerprintSha256: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
  };
}

/**
 * The private key in OpenSSH's own format (PROTOCOL.key), unencrypted and without a comment.
 *
 * @returns `undefined` for ECDSA on P-224, which OpenSSH doesn't know.
 */
export function opensshPrivateKey(key: KeyObject): string | undefined {
  const parts = partsOf(key);
  if (!parts) return undefined;
  const publicBlob = joined([parts.type, ...parts.publicFields]);
  // The same random number twice is how a reader of an encrypted key sees that it decrypted it right.
  const check = randomBytes(4);
  const secrets = Buffer.concat([check, check, joined([parts.type, ...parts.privateFields, ""])]);
  const blockSize = 8;
  const padding = Buffer.from(
    Array.from({ length: (blockSize - (secrets.length % blockSize)) % blockSize }, (_, index) => index + 1),
  );
  const one = Buffer.from([0, 0, 0, 1]);
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    joined(["none", "none", ""]),
    one,
    joined([publicBlob, Buffer.concat([secrets, padding])]),
  ]);
  const lines = file.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

interface Parts {
  readonly type: string;
  readonly publicFields: readonly (string | Buffer)[];
  /** Of a public key: without meaning. */
  readonly privateFields: readonly (string | Buffer)[];
}

/** The fields of a key in the order of RFC 4253, RFC 5656, RFC 8709 and PROTOCOL.key. */
function partsOf(key: KeyObject): Parts | undefined {
  const algorithm = algorithmOf(key);
  if (algorithm === "ECDSA" && curveOf(key) === "P224") return undefined;
  const jwk = key.export({ format: "jwk" });
  if (algorithm === "RSA") {
    const [n, e, d, qi, p, q] = (["n", "e", "d", "qi", "p", "q"] as const).map((name) => number(jwk, name));
    return { type: "ssh-rsa", publicFields: present([e, n]), privateFields: present([n, e, d, qi, p, q]) };
  }
  if (algorithm === "ED25519") {
    const point = bytes(jwk, "x");
    return {
      type: "ssh-ed25519",
      publicFields: [point],
      privateFields: [point, Buffer.concat([bytes(jwk, "d"), point])],
    };
  }
  const curve = `nist${curveOf(key).toLowerCase()}`;
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk, "x"), bytes(jwk, "y")]);
  return {
    type: `ecdsa-sha2-${curve}`,
    publicFields: [curve, point],
    privateFields: [curve, point, number(jwk, "d")],
  };
}

function present(fields: readonly (Buffer | undefined)[]): readonly Buffer[] {
  return fields.filter((field) => field !== undefined);
}

function bytes(jwk: JsonWebKey, name: "d" | "e" | "n" | "p" | "q" | "qi" | "x" | "y"): Buffer {
  return Buffer.from(jwk[name] ?? "", "base64url");
}

/** A positive number (mpint of RFC 4251): no leading zeros but the one that keeps it positive. */
function number(jwk: JsonWebKey, name: Parameters<typeof bytes>[1]): Buffer {
  const value = bytes(jwk, name);
  const first = value.findIndex((byte) => byte !== 0);
  const digits = value.subarray(Math.max(first, 0));
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
}

/** Fields one after another, each with its length before it. */
function joined(fields: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const content = Buffer.from(field as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      return [length, content];
    }),
  );
}

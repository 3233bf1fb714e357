import { createECDH, createPrivateKey, hkdfSync } from "node:crypto";

/** The order of the curve P-256: SEC 2, section 2.4.2. */
const order = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

/**
 * The private CA's key: the one on the curve P-256 that follows from an age key, so that what keeps and brings back age keys
 * keeps and brings back the CA. Who has either has both; nothing else is to be encrypted to that age key.
 *
 * The scalar is taken from 64 bits more than it has, as FIPS 186-5, appendix A.2.1, has it.
 *
 * @param identity An age identity, the private half.
 * @returns the private key in PEM, as SEC 1 writes it.
 */
export function authorityKey(identity: string): string {
  const bits = Buffer.from(hkdfSync("sha256", identity, "", "terp private CA", 40)).toString("hex");
  const scalar = (BigInt(`0x${bits}`) % (order - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, "0"), "hex");
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const text = (bytes: Buffer): string => bytes.toString("base64url");
  const key = createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: text(d),
      x: text(point.subarray(1, 33)),
      y: text(point.subarray(33)),
    },
  });
  return key.export({ type: "sec1", format: "pem" }).toString();
}

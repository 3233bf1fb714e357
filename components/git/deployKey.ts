import { generateKeyPairSync } from "node:crypto";

/** A key pair for SSH. */
export interface SshKeyPair {
  /** PKCS #8, as PEM. */
  readonly privateKey: string;
  /** In the format of `authorized_keys`, without a comment. */
  readonly publicKey: string;
}

/** Makes a new ED25519 key pair. */
export function makeSshKeyPair(): SshKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  return {
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    publicKey: `ssh-ed25519 ${Buffer.concat([field(Buffer.from("ssh-ed25519")), field(raw)]).toString("base64")}`,
  };
}

/** A field of SSH's wire format: its length in four bytes, then its bytes. */
function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

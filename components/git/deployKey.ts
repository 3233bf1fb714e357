import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";

/** A key pair for SSH. */
export interface SshKeyPair {
  /** PKCS #8, as PEM. */
  readonly privateKey: string;
  /** In the format of `authorized_keys`, without a comment. */
  readonly publicKey: string;
}

/** Makes a new ED25519 key pair. */
export function makeSshKeyPair(): SshKeyPair {
  return sshKeyPairOf(generateKeyPairSync("ed25519").privateKey);
}

/** An ED25519 private key with its public half. */
export function sshKeyPairOf(privateKey: KeyObject): SshKeyPair {
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: "jwk" }).x ?? "", "base64url");
  return {
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    publicKey: `ssh-ed25519 ${Buffer.concat([sshField(Buffer.from("ssh-ed25519")), sshField(raw)]).toString("base64")}`,
  };
}

/** A field of SSH's wire format: its length in four bytes, then its bytes. */
export function sshField(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

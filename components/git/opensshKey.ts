import { createHash, createPrivateKey } from "node:crypto";

import { sshField } from "./deployKey";

const pkcs8 = "-----BEGIN PRIVATE KEY-----";
const block = 8;

/**
 * An ED25519 private key in OpenSSH's own format, unencrypted: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key.
 * OpenSSH reads no ED25519 key as PKCS #8, which Flux and Go do.
 *
 * @param privateKey PKCS #8, as PEM. What isn't is left as it is.
 */
export function opensshPrivateKey(privateKey: string): string {
  if (!privateKey.startsWith(pkcs8)) return privateKey;
  const { x = "", d = "" } = createPrivateKey(privateKey).export({ format: "jwk" });
  const [open, seed] = [x, d].map((part) => Buffer.from(part, "base64url")) as [Buffer, Buffer];
  const kind = sshField(Buffer.from("ssh-ed25519"));
  // Anything, twice: it shows whether decrypting worked. From the public half, so that the same key has the same text.
  const check = createHash("sha256").update(open).digest().subarray(0, 4);
  const nothing = sshField(Buffer.alloc(0));
  const secret = Buffer.concat([
    check,
    check,
    kind,
    sshField(open),
    sshField(Buffer.concat([seed, open])),
    nothing,
  ]);
  const padding = Buffer.from(
    Array.from({ length: (block - (secret.length % block)) % block }, (_, index) => index + 1),
  );
  const none = sshField(Buffer.from("none"));
  const bytes = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[none, none, nothing],
    Buffer.from([0, 0, 0, 1]),
    sshField(Buffer.concat([kind, sshField(open)])),
    sshField(Buffer.concat([secret, padding])),
  ]);
  const lines = bytes.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

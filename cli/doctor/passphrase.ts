import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);

/** As the engine derives its key from a passphrase. */
const iterations = 1_000_000;
const keyLength = 32;
const tagLength = 16;
/** What the engine encrypts to know the passphrase again. */
const known = "pulumi";

/**
 * Whether a passphrase is the one that a state's secrets are encrypted with.
 *
 * @param salt what the state keeps for this: `v1:SALT:v1:NONCE:TEXT`, in base64.
 * @returns undefined if this version doesn't know its form.
 */
export async function opens(passphrase: string, salt: string): Promise<boolean | undefined> {
  const [version, base, inner, nonce, text, ...rest] = salt.split(":");
  if (version !== "v1" || inner !== "v1" || base === undefined || rest.length > 0) return undefined;
  if (nonce === undefined || text === undefined) return undefined;
  const key = await derive(passphrase.trim(), Buffer.from(base, "base64"), iterations, keyLength, "sha256");
  const sealed = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(sealed.subarray(-tagLength));
  try {
    const clear = Buffer.concat([decipher.update(sealed.subarray(0, -tagLength)), decipher.final()]);
    return clear.toString("utf8") === known;
  } catch {
    return false;
  }
}

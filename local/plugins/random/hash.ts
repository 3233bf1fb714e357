import { randomBytes } from "node:crypto";

/** Two to this power are the rounds of the hash. */
const cost = "10";

/**
 * The bcrypt hash of a text, with a random salt.
 *
 * Like the official plugin's it is marked `$2a$` and covers the first 72 bytes only.
 */
export async function bcryptHash(text: string): Promise<string> {
  // Only passwords need it, so that other runs start without it.
  const { default: bcrypt } = await import("bcryptjs");
  const salt = bcrypt.encodeBase64(randomBytes(16), 16);
  return bcrypt.hash(text, `$2a$${cost}$${salt}`);
}

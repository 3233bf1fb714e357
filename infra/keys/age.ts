import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

/** An age key pair. */
export interface AgeKeyPair {
  /** The public half, `age1…`: what others encrypt to. */
  readonly recipient: string;
  /** The private half, `AGE-SECRET-KEY-1…`. */
  readonly identity: string;
}

/** Makes a new key pair (X25519: the kind that every release of SOPS and Flux reads). */
export async function makeKeyPair(): Promise<AgeKeyPair> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * The recipient that belongs to an identity.
 *
 * @throws if the text isn't an age identity. The message doesn't repeat the text.
 */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity);
  } catch {
    // The library's own error may quote what it was given.
    throw new Error(
      `age identity: got a text of ${String(identity.length)} characters that is no age identity`,
    );
  }
}

/** Whether the text is an age recipient, its checksum included. */
export function isRecipient(text: string): boolean {
  if (!text.startsWith("age1")) return false;
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** A key pair as `age-keygen` writes it: `age --identity` and `SOPS_AGE_KEY_FILE` read it as it is. */
export function formatKeyFile(key: AgeKeyPair): string {
  return `# public key: ${key.recipient}\n${key.identity}\n`;
}

/**
 * The recipient that a key file's comment names, or `undefined` where it has none.
 * It isn't compared with the private key: {@link parseKeyFile} does that.
 */
export function recipientNamedIn(text: string): string | undefined {
  return /^# public key: (age1\S+)$/m.exec(text)?.[1];
}

/**
 * Reads a file that {@link formatKeyFile} or `age-keygen` wrote.
 *
 * @throws if it doesn't hold exactly one identity, or its comment names another recipient than the identity has.
 */
export async function parseKeyFile(text: string): Promise<AgeKeyPair> {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const [identity, ...others] = lines;
  if (identity === undefined || others.length > 0) {
    throw new Error(`age key file: got ${String(lines.length)} identities, expected one`);
  }
  const recipient = await recipientOf(identity.trim());
  const named = recipientNamedIn(text);
  if (named !== undefined && named !== recipient) {
    throw new Error(
      `age key file: its comment names the recipient ${named}, but its private key belongs to ${recipient}`,
    );
  }
  return { recipient, identity: identity.trim() };
}

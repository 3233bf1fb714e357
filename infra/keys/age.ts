import type * as Age from "age-encryption";

/** Its tables of the curve take as long to make as a fifth of the start of a provider; most runs neither make nor read a key. */
const age = () => require("age-encryption") as typeof Age;

/** An age key pair. */
export interface AgeKeyPair {
  /** The public half, `age1…`: what others encrypt to. */
  readonly recipient: string;
  /** The private half, `AGE-SECRET-KEY-1…`. */
  readonly identity: string;
  /**
   * The keys that this one took the place of and that still decrypt, the newest first.
   *
   * @default none
   */
  readonly former?: readonly Omit<AgeKeyPair, "former">[] | undefined;
}

/** A key and those that it took the place of, the newest first. */
export function generationsOf(key: AgeKeyPair): readonly Omit<AgeKeyPair, "former">[] {
  return [{ recipient: key.recipient, identity: key.identity }, ...(key.former ?? [])];
}

/** A new key in the place of another, which still decrypts. */
export async function successorOf(key: AgeKeyPair): Promise<AgeKeyPair> {
  return { ...(await makeKeyPair()), former: generationsOf(key) };
}

/** The key alone: what only its former ones decrypt can't be read with it. */
export function withoutFormer({ recipient, identity }: AgeKeyPair): AgeKeyPair {
  return { recipient, identity };
}

/** Makes a new key pair (X25519: the kind that every release of SOPS and Flux reads). */
export async function makeKeyPair(): Promise<AgeKeyPair> {
  const identity = await age().generateX25519Identity();
  return { identity, recipient: await age().identityToRecipient(identity) };
}

/**
 * The recipient that belongs to an identity.
 *
 * @throws if the text isn't an age identity. The message doesn't repeat the text.
 */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await age().identityToRecipient(identity);
  } catch {
    // The library's own error may quote what it was given.
    throw new Error(
      `age identity: got a text of ${String(identity.length)} characters that is no age identity`,
    );
  }
}

/** What looks like an age recipient in a text, in its order. Their checksums aren't looked at. */
export function recipientsWithin(text: string): readonly string[] {
  return text.match(/\bage1[02-9ac-hj-np-z]{58}\b/g) ?? [];
}

/** Whether the text is an age recipient, its checksum included. */
export function isRecipient(text: string): boolean {
  if (!text.startsWith("age1")) return false;
  try {
    new (age().Encrypter)().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A key as `age-keygen` writes it, followed by those that it took the place of: `age --identity`, `SOPS_AGE_KEY_FILE` and Flux
 * read it as it is, and try each.
 */
export function formatKeyFile(key: AgeKeyPair): string {
  return generationsOf(key)
    .map(({ recipient, identity }) => `# public key: ${recipient}\n${identity}\n`)
    .join("");
}

/**
 * The recipients that a key file's comments name, that of the present key first; none where it has no such comment.
 * They aren't compared with the private keys: {@link parseKeyFile} does that.
 */
export function recipientsNamedIn(text: string): readonly string[] {
  return [...text.matchAll(/^# public key: (age1\S+)$/gm)].map((match) => match[1] ?? "");
}

/**
 * Reads a file that {@link formatKeyFile} or `age-keygen` wrote.
 *
 * @throws if it holds no identity, or a comment names another recipient than the identity below it has.
 */
export async function parseKeyFile(text: string): Promise<AgeKeyPair> {
  const keys: AgeKeyPair[] = [];
  let named: string | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) named = recipientsNamedIn(line)[0] ?? named;
    else if (line.trim() !== "") {
      const identity = line.trim();
      const recipient = await recipientOf(identity);
      if (named !== undefined && named !== recipient) {
        throw new Error(
          `age key file: its comment names the recipient ${named}, but its private key belongs to ${recipient}`,
        );
      }
      keys.push({ recipient, identity });
      named = undefined;
    }
  }
  const [key, ...former] = keys;
  if (key === undefined) throw new Error("age key file: got no identity, expected one or more");
  return former.length === 0 ? key : { ...key, former };
}

import { createDecipheriv } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ExportedResource } from "./state";
import type { Json, JsonObject } from "./types";
import { keyOf } from "./vault";

const authenticationTag = 16;

interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: {
      readonly secrets_providers?: { readonly state?: { readonly encryptedkey?: string } };
      readonly resources?: ExportedResource[];
    };
  };
}

/**
 * Reads the state of a stack from the file that the engine wrote, with all secrets in clear.
 *
 * It gives what `pulumi stack export --show-secrets` prints, without starting a process for it.
 */
export class CheckpointReader {
  /** @param file the stack's file in a file backend */
  public constructor(private readonly file: string) {}

  /** The file as it is, secrets encrypted; empty if there is none yet. */
  public async text(): Promise<string> {
    return readFile(this.file, "utf8").catch(() => "");
  }

  /** The resources; none if there is no state yet. */
  public async resources(): Promise<ExportedResource[]> {
    const text = await this.text();
    if (text === "") return [];
    const { latest } = (JSON.parse(text) as Checkpoint).checkpoint;
    const encrypted = latest?.secrets_providers?.state?.encryptedkey;
    if (!latest?.resources || encrypted === undefined) return latest?.resources ?? [];
    const key = keyOf(encrypted);
    return latest.resources.map((resource) => revealed(resource, opener(key)) as ExportedResource);
  }
}

/** Opens the secrets in a value. */
function revealed(value: Json, open: (ciphertext: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => revealed(item, open));
  if (typeof value !== "object" || value === null) return value;
  const { ciphertext, ...rest } = value;
  if (typeof ciphertext === "string") return { ...rest, plaintext: open(ciphertext) };
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) result[name] = revealed(item, open);
  return result;
}

/** Secrets inside of a secret are sealed with it, and only look as if they were by themselves. */
function opener(key: Buffer): (ciphertext: string) => string {
  return (ciphertext) => {
    const content = JSON.parse(decrypted(ciphertext, key)) as Json;
    return JSON.stringify(revealed(content, (text) => text));
  };
}

/** @param ciphertext `v1:<nonce>:<text and tag>`, both in base64, of AES-256-GCM */
function decrypted(ciphertext: string, key: Buffer): string {
  const [, nonce = "", sealed = ""] = ciphertext.split(":");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-authenticationTag));
  return Buffer.concat([decipher.update(bytes.subarray(0, -authenticationTag)), decipher.final()]).toString(
    "utf8",
  );
}

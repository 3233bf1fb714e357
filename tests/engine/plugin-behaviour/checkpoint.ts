import { createDecipheriv, pbkdf2 } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { ExportedResource } from "./state";
import type { Json, JsonObject } from "./types";

const deriveKey = promisify(pbkdf2);
const authenticationTag = 16;

interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: {
      readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
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
  private key: Promise<Buffer> | undefined;

  /** @param file the stack's file in a file backend */
  public constructor(
    private readonly file: string,
    private readonly passphrase: string,
  ) {}

  /** The file as it is, secrets encrypted; empty if there is none yet. */
  public async text(): Promise<string> {
    return readFile(this.file, "utf8").catch(() => "");
  }

  /** The resources; none if there is no state yet. */
  public async resources(): Promise<ExportedResource[]> {
    const text = await this.text();
    if (text === "") return [];
    const { latest } = (JSON.parse(text) as Checkpoint).checkpoint;
    const salt = latest?.secrets_providers?.state?.salt;
    if (!latest?.resources || salt === undefined) return latest?.resources ?? [];
    // A million rounds take long enough to do them once for a stack.
    this.key ??= deriveKey(
      this.passphrase,
      Buffer.from(salt.split(":")[1] ?? "", "base64"),
      1_000_000,
      32,
      "sha256",
    );
    const key = await this.key;
    return latest.resources.map((resource) => revealed(resource, key) as ExportedResource);
  }
}

function revealed(value: Json, key: Buffer): Json {
  if (Array.isArray(value)) return value.map((item) => revealed(item, key));
  if (typeof value !== "object" || value === null) return value;
  const { ciphertext, ...rest } = value;
  if (typeof ciphertext === "string") return { ...rest, plaintext: decrypted(ciphertext, key) };
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) result[name] = revealed(item, key);
  return result;
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

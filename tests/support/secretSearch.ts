import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A secret that nobody may find, and what it is called in a test's message. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** The forms in which a secret would betray itself: as it is, its longest line, and both in base64. */
export function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const longest = trimmed.split("\n").reduce((one, other) => (other.length > one.length ? other : one), "");
  const forms = [
    trimmed,
    longest,
    Buffer.from(value).toString("base64"),
    Buffer.from(trimmed).toString("base64"),
  ];
  // Base64's last characters depend on what follows.
  return [...new Set(forms.map((form) => (form.endsWith("=") ? form.slice(0, -4) : form)))];
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Looks for secrets in files and folders.
 *
 * @returns a line for each secret found, with its name and the file; never its value.
 */
export async function findSecrets(secrets: readonly Secret[], places: readonly string[]): Promise<string[]> {
  const findings: string[] = [];
  for (const file of (await Promise.all(places.map(filesBelow))).flat()) {
    const raw = await readFile(file).catch(() => Buffer.alloc(0));
    const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString("latin1");
    for (const { name, value } of secrets) {
      // JSON writes a line feed as two characters.
      const flat = text.replaceAll("\\n", "\n");
      if (formsOf(value).some((form) => text.includes(form) || flat.includes(form))) {
        findings.push(`${name} is in ${file}`);
      }
    }
  }
  return findings;
}

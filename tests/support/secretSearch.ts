import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import type { KubeApi } from "../../infra/cluster/kubeApi";

const run = promisify(execFile);

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
  const found = await stat(path);
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function isIn(text: string, value: string): boolean {
  // JSON writes a line feed as two characters.
  const flat = text.replaceAll("\\n", "\n");
  return formsOf(value).some((form) => text.includes(form) || flat.includes(form));
}

/** Looks for secrets in all that was ever committed to the bare repositories below a folder. */
export async function findSecretsInGit(secrets: readonly Secret[], folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const repositories = entries.filter((entry) => entry.isDirectory() && entry.name.endsWith(".git"));
  if (repositories.length === 0) throw new Error(`${folder} holds no repository to look into`);
  const findings: string[] = [];
  for (const { parentPath, name } of repositories) {
    const words = ["-c", "safe.directory=*", "log", "--all", "--patch", "--text", "--format=%B"];
    const options = { cwd: join(parentPath, name), maxBuffer: 1 << 28 };
    const { stdout } = await run("git", words, options);
    for (const secret of secrets)
      if (isIn(stdout, secret.value)) findings.push(`${secret.name} is in ${name}`);
  }
  return findings;
}

/** Looks for secrets in the arguments and the environment of every process of this machine. */
export async function findSecretsInProcesses(secrets: readonly Secret[]): Promise<string[]> {
  const findings: string[] = [];
  for (const pid of (await readdir("/proc")).filter((each) => /^\d+$/.test(each))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "");
    const [words, environment] = [await read("cmdline"), await read("environ")];
    const program = words.split("\0", 1)[0] ?? "";
    for (const { name, value } of secrets) {
      if (isIn(words, value)) findings.push(`${name} is in the arguments of ${program}`);
      if (isIn(environment, value)) findings.push(`${name} is in the environment of ${program}`);
    }
  }
  return findings;
}

/** Looks for secrets in the events that a cluster remembers. */
export async function findSecretsInEvents(secrets: readonly Secret[], api: KubeApi): Promise<string[]> {
  const events = await api.list("/api/v1/events");
  if (events.length === 0) throw new Error("the cluster remembers no event to look into");
  return events.flatMap((event) =>
    secrets
      .filter(({ value }) => isIn(JSON.stringify(event), value))
      .map(({ name }) => `${name} is in the event ${event.metadata.namespace}/${event.metadata.name}`),
  );
}

/**
 * Looks for secrets in files and folders.
 *
 * @throws if one of the places isn't there: then nothing would be found in it.
 * @returns a line for each secret found, with its name and the file; never its value.
 */
export async function findSecrets(secrets: readonly Secret[], places: readonly string[]): Promise<string[]> {
  const findings: string[] = [];
  for (const file of (await Promise.all(places.map(filesBelow))).flat()) {
    const raw = await readFile(file).catch(() => Buffer.alloc(0));
    const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString("latin1");
    for (const { name, value } of secrets) {
      if (isIn(text, value)) findings.push(`${name} is in ${file}`);
    }
  }
  return findings;
}

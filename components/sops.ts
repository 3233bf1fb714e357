import { spawn } from "node:child_process";

const forSecrets = ["--input-type", "yaml", "--output-type", "yaml", "--filename-override", "secret.yaml"];

/**
 * Encrypts a Secret's `data` and `stringData` to one age recipient, as `sops encrypt` does. The clear text goes to the
 * program by a pipe: never into a file or an argument.
 *
 * @param manifest The Secret as YAML.
 * @param recipient The age public key of whoever is to read it.
 * @returns the encrypted manifest as YAML.
 * @throws if `sops` isn't on PATH or refuses.
 */
export async function seal(manifest: string, recipient: string): Promise<string> {
  const words = ["encrypt", "--age", recipient, "--encrypted-regex", "^(data|stringData)$", ...forSecrets];
  const sealed = await sops(words, { what: `encrypting a Secret for ${recipient}`, input: manifest });
  if (!sealed.includes("ENC[AES256_GCM"))
    throw new Error(`encrypting a Secret for ${recipient}: sops left it as it was`);
  return sealed;
}

/**
 * Decrypts what {@link seal} made.
 *
 * @param sealed The encrypted manifest as YAML.
 * @param identities Age identities, one a line, of which one opens it.
 * @returns the manifest in clear, as YAML.
 * @throws if `sops` isn't on PATH, or none of them opens it.
 */
export async function unseal(sealed: string, identities: string): Promise<string> {
  return sops(["decrypt", ...forSecrets], { what: "decrypting a Secret", input: sealed, identities });
}

/** What a file is sealed to, and to what instead. */
export interface Resealing {
  /** Recipients that shall not read it any more. */
  readonly from: readonly string[];
  /** The one that shall. */
  readonly to: string;
  /** Age identities, one a line, of which one opens the file. */
  readonly identities: string;
}

/**
 * Seals a file anew, in place: a new data key, for another recipient.
 *
 * @param file An encrypted file, an absolute path.
 * @throws if `sops` isn't on PATH, or none of the identities opens it.
 */
export async function resealFile(file: string, { from, to, identities }: Resealing): Promise<void> {
  await sops(["rotate", "--in-place", "--add-age", to, "--rm-age", from.join(","), file], {
    what: `encrypting ${file} anew`,
    input: "",
    identities,
  });
}

interface Call {
  /** Begins a message. */
  readonly what: string;
  readonly input: string;
  /** For decrypting. In the environment of a process that lives for a moment: it is in no file and no argument. */
  readonly identities?: string;
}

async function sops(words: readonly string[], { what, input, identities }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    // Not /dev/stdin: Node's pipe is a socket, which can't be opened by name. Without a file's name it reads its input.
    const child = spawn("sops", ["--config", "/dev/null", ...words], {
      // Not the project's folder: a .sops.yaml there must not decide for whom this is encrypted.
      cwd: "/",
      stdio: ["pipe", "pipe", "pipe"],
      ...(identities === undefined ? {} : { env: { ...process.env, SOPS_AGE_KEY: identities } }),
    });
    let result = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (result += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          error.code === "ENOENT"
            ? `${what}: there is no "sops" on PATH; run "terp toolchain", or install SOPS`
            : `${what}: ${error.message}`,
        ),
      );
    });
    child.on("close", (code) => {
      if (code === 0) resolve(result);
      else reject(new Error(`${what}: sops ended with ${String(code)}: ${complaint.trim()}`));
    });
    // It may end before it has read everything, which "close" reports.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

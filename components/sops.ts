import { spawn } from "node:child_process";

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
  return new Promise((resolve, reject) => {
    const sops = spawn(
      "sops",
      [
        "--config",
        "/dev/null",
        "encrypt",
        "--age",
        recipient,
        "--encrypted-regex",
        "^(data|stringData)$",
        "--input-type",
        "yaml",
        "--output-type",
        "yaml",
        // Without a file's name it reads its input. Not /dev/stdin: Node's pipe is a socket, which can't be opened by name.
        "--filename-override",
        "secret.yaml",
      ],
      // Not the project's folder: a .sops.yaml there must not decide for whom this is encrypted.
      { cwd: "/", stdio: ["pipe", "pipe", "pipe"] },
    );
    let sealed = "";
    let complaint = "";
    sops.stdout.setEncoding("utf8").on("data", (text: string) => (sealed += text));
    sops.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    sops.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          error.code === "ENOENT"
            ? 'encrypting a Secret: there is no "sops" on PATH; run "terp toolchain", or install SOPS'
            : `encrypting a Secret: ${error.message}`,
        ),
      );
    });
    sops.on("close", (code) => {
      if (code === 0 && sealed.includes("ENC[AES256_GCM")) resolve(sealed);
      else
        reject(
          new Error(
            `encrypting a Secret for ${recipient}: sops ended with ${String(code)}: ${complaint.trim()}`,
          ),
        );
    });
    // It may end before it has read everything, which "close" reports.
    sops.stdin.on("error", () => undefined);
    sops.stdin.end(manifest);
  });
}

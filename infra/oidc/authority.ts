import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { RunError } from "@pulumi/pulumi/errors";

import { describeFaults } from "../fault";
import { inHome } from "../home";

/**
 * The certificates in a file, in PEM, without anything else that stands there.
 *
 * @param file Its path on this machine; `~/…` is in the home folder.
 * @param path Where the configuration has it, for messages, e.g. `oidc.caFile`.
 * @throws RunError if it can't be read or has none.
 */
export async function authorityIn(file: string, path: string): Promise<string> {
  const fault = (given: string): RunError =>
    new RunError(
      `the identity provider can't be used, and nothing was done:\n\n${describeFaults([
        {
          path,
          given,
          expected: "a file with the certificates of the authorities that the provider is trusted by, in PEM",
          remedy:
            "put it there, or take the setting out where every machine trusts the provider by what it has already",
        },
      ])}\n`,
    );
  const text = await readFile(inHome(file), "utf8").catch((error: unknown) => {
    throw fault(`a file that can't be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw fault(`${file}, which has no certificate`);
  if (!found.every(isCertificate)) throw fault(`${file}, with a certificate that can't be read`);
  return found.map((certificate) => `${certificate}\n`).join("");
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

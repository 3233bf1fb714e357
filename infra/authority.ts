import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { RunError } from "@pulumi/pulumi/errors";

import { describeFaults } from "./fault";
import { inHome } from "./home";

/** A server with an authority of somebody's own. */
export interface TrustedServer {
  /** Where the configuration has the file, for messages, e.g. `oidc.caFile`. */
  readonly path: string;
  /** What it is, for messages, e.g. `the identity provider`. */
  readonly server: string;
}

/**
 * The certificates in a file, in PEM, without anything else that stands there.
 *
 * @param file Its path on this machine; `~/…` is in the home folder.
 * @throws RunError if it can't be read or has none.
 */
export async function authorityIn(file: string, { path, server }: TrustedServer): Promise<string> {
  const fault = (given: string): RunError =>
    new RunError(
      `${server} can't be used, and nothing was done:\n\n${describeFaults([
        {
          path,
          given,
          expected: `a file with the certificates of the authorities that ${server} is trusted by, in PEM`,
          remedy: `put it there, or take the setting out where every machine trusts ${server} by what it has already`,
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

import { X509Certificate } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isMissing, readIfThere } from "../files";
import { layoutOf, type NodeSpec } from "./spec";

/** A certificate of a node, and when it ends. */
export interface NodeCertificate {
  /** Its file's name without extension, e.g. `apiserver`. */
  readonly name: string;
  /** Whether others are signed with it: such a one isn't renewed. */
  readonly isAuthority: boolean;
  readonly ends: Date;
}

/** How long before their end a node's certificates are renewed, in milliseconds: thirty days. */
export const renewedBefore = 30 * 24 * 60 * 60 * 1000;

/** The certificates in a node's folder; none if there is no node. One that can't be read is made anew by the next start. */
export function certificatesOfNode(
  spec: Pick<NodeSpec, "name" | "directory" | "runDirectory">,
): readonly NodeCertificate[] {
  const { pki } = layoutOf(spec);
  return filesIn(pki)
    .filter((file) => file.endsWith(".crt"))
    .sort()
    .flatMap((file) => {
      try {
        const certificate = new X509Certificate(readIfThere(join(pki, file)) ?? "");
        const ends = new Date(certificate.validTo);
        return [{ name: basename(file, ".crt"), isAuthority: certificate.ca, ends }];
      } catch {
        return [];
      }
    });
}

/** Whether some of a node's certificates are to be renewed. */
export function hasCertificatesToRenew(
  certificates: readonly NodeCertificate[],
  now: Date = new Date(),
): boolean {
  return certificates.some(
    ({ isAuthority, ends }) => !isAuthority && ends.getTime() - now.getTime() < renewedBefore,
  );
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

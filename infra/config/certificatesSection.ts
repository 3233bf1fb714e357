import { z } from "zod";
import { help, homePath } from "./help";

/** The ClusterIssuer that the section makes, as other sections name it. */
export const platformIssuer = "terp";

/** Who issues certificates for hosts, by cert-manager. */
export interface CertificatesConfig {
  readonly issuer: PrivateIssuer | AcmeIssuer;
}

/** The platform's own private CA, for places that no public one reaches. */
export interface PrivateIssuer {
  readonly kind: "private-ca";
}

/** A public authority, or another one that speaks ACME (RFC 8555). */
export interface AcmeIssuer {
  readonly kind: "acme";
  /** The authority's directory. @default Let's Encrypt's */
  readonly server: string;
  /** The authorities that its server is trusted by, in PEM. @default those that everybody trusts */
  readonly caFile?: string | undefined;
  /** To whom the authority writes when something is about to end. */
  readonly email: string;
  /** How it is shown that a host is ours: by an answer on port 80, or by a record in one of the zones of `dns`. */
  readonly challenge: "http01" | "dns01";
}

/** https://letsencrypt.org/getting-started/ */
const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** The section `certificates`. */
export const certificates = z
  .strictObject({
    issuer: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("private-ca") }),
      z.strictObject({
        kind: z.literal("acme"),
        server: z
          .url({ protocol: /^https$/ })
          .register(help, {
            expected: "the URL of an authority's ACME directory, which starts with https://",
            example: "https://acme-staging-v02.api.letsencrypt.org/directory",
          })
          .default(letsEncrypt),
        caFile: homePath("~/terp/acme-ca.pem").optional(),
        email: z.email().register(help, { expected: "an e-mail address", example: "platform@example.org" }),
        challenge: z
          .union([z.literal("http01"), z.literal("dns01")])
          .register(help, { expected: "http01 or dns01", example: "http01" }),
      }),
    ]),
  })
  .optional();

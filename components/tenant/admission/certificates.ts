import type { Trusted } from "../trusted";
import { at, list } from "./cel";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const spec = (path: string, otherwise: string): string => at("dyn(object)", `spec.${path}`, otherwise);
const otherNames = ["ipAddresses", "uris", "emailAddresses", "otherNames"];

/**
 * What a tenant's certificates may say beside host names, which {@link hosts} bounds: nothing, and that by the operators' issuer.
 *
 * Field names of cert-manager.io/v1's CertificateSpec.
 */
export function certificates(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-certificates",
    kinds: [{ group: "cert-manager.io", resources: ["certificates"] }],
    exempt: [trusted],
    validations: [
      {
        expression:
          otherNames.map((name) => `size(${spec(name, "[]")}) == 0`).join(" && ") +
          ` && ${spec("literalSubject", '""')} == "" && !has(dyn(object).spec.nameConstraints)`,
        message: message`a certificate here is for host names only: leave out ipAddresses, uris, emailAddresses, otherNames, literalSubject and nameConstraints`,
      },
      {
        expression: `!${spec("isCA", "false")} && !${spec("usages", "[]")}.exists(usage, usage in ${list(["cert sign", "crl sign"])})`,
        message: message`a tenant's certificate can't issue others: leave out isCA and the usages "cert sign" and "crl sign"`,
      },
      {
        expression:
          `${spec("issuerRef.kind", '"Issuer"')} == "ClusterIssuer" && ` +
          `${spec("issuerRef.group", '""')} in ["", "cert-manager.io"]`,
        message: message`issuerRef ${spec("issuerRef.kind", '"Issuer"')} "${spec("issuerRef.name", '""')}" isn't one of the operators': write kind: ClusterIssuer and the name that they give`,
      },
    ],
  });
}

import type { Issuer, Solver } from "../components/certificates/issuer";
import { httpListener } from "../components/gateway/listeners";
import { gatewayNamespace, platformGateway } from "../components/gateway/names";
import type { CertificatesConfig, PlatformConfig } from "../infra/config";
import { authorityIn } from "../infra/authority";
import type { WrittenDns } from "./ownStores";

/** What an issuer takes from beside its section. */
export interface IssuerPlace {
  /** Where challenges are answered by DNS. */
  readonly dns: WrittenDns | undefined;
  /** What {@link issuerAuthority} gave. */
  readonly authority: string | undefined;
}

/**
 * The certificates by which the ACME authority's server is trusted, in PEM; `undefined` where every machine trusts it.
 *
 * @throws RunError if the file with them can't be used.
 */
export async function issuerAuthority({
  certificates,
}: Pick<PlatformConfig, "certificates">): Promise<string | undefined> {
  const issuer = certificates?.issuer;
  if (issuer?.kind !== "acme" || issuer.caFile === undefined) return undefined;
  return authorityIn(issuer.caFile, {
    path: "certificates.issuer.caFile",
    server: "the ACME authority's server",
  });
}

/** The issuer that the configuration asks for. */
export function issuerFrom(
  ingress: PlatformConfig["ingress"],
  { issuer }: CertificatesConfig,
  { dns, authority }: IssuerPlace,
): Issuer {
  if (issuer.kind === "private-ca") return issuer;
  const { server, email, challenge } = issuer;
  const solver = challenge === "http01" ? solverBy(ingress) : solverFrom(dns);
  return { kind: "acme", server, authority, email, solver };
}

/** How port 80 is answered on. */
function solverBy(ingress: PlatformConfig["ingress"]): Solver {
  if (ingress.kind === "gateway") {
    const gateway = {
      namespace: gatewayNamespace,
      name: platformGateway,
      sectionName: httpListener.name,
    };
    return { kind: "http01-gateway", gateway };
  }
  // Without an entry of ours somebody else's has the usual name.
  return { kind: "http01", ingressClass: ingress.kind === "nginx" ? ingress.class : "nginx" };
}

function solverFrom(dns: WrittenDns | undefined): Solver {
  // The configuration's own checks admit neither.
  const missing = new Error("certificates.issuer.challenge dns01: expected dns with who answers challenges");
  if (dns === undefined) throw missing;
  if (dns.kind === "route53") return { kind: dns.kind, zones: dns.zones, region: dns.region };
  const { zones, subscription, resourceGroup, identities } = dns;
  if (identities.certificates === undefined) throw missing;
  return { kind: dns.kind, zones, subscription, resourceGroup, identity: identities.certificates };
}

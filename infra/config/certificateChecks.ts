import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { platformIssuer } from "./certificatesSection";
import { writersOf } from "./dnsSection";
import type { Sections } from "./sections";
import { commandsFor, pathText } from "./setting";

/** What a challenge needs of other sections. */
export function certificateFaults(raw: RawConfig, sections: Sections): Fault[] {
  return [...dnsFaults(raw, sections), ...wildcardFaults(raw, sections)];
}

/** An answer on port 80 proves one host; a Gateway's listeners have certificates for all below a domain. */
function wildcardFaults(raw: RawConfig, { certificates, ingress }: Sections): Fault[] {
  if (certificates?.issuer.kind !== "acme" || certificates.issuer.challenge !== "http01") return [];
  if (ingress?.kind !== "gateway" || ingress.issuer !== platformIssuer) return [];
  const challenge = commandsFor(raw.environment, ["certificates", "issuer", "challenge"]);
  const issuer = commandsFor(raw.environment, ["ingress", "issuer"]);
  return [
    {
      path: "certificates.issuer.challenge",
      given: '"http01"',
      expected: `dns01, because ingress.issuer is ${platformIssuer}: a Gateway's certificates are for all hosts below a domain, which http01 can't prove`,
      remedy: `type: ${challenge.set("dns01")}, or, for the platform's private CA: ${issuer.remove}`,
    },
  ];
}

/** A challenge by DNS needs zones, and who writes their records. */
function dnsFaults(raw: RawConfig, { certificates, dns }: Sections): Fault[] {
  if (certificates?.issuer.kind !== "acme" || certificates.issuer.challenge !== "dns01") return [];
  // The section's own faults come first.
  if (dns === undefined && "dns" in raw.values) return [];
  if (dns?.kind === "own") return [];
  if (dns !== undefined && writersOf(dns).certificates !== undefined) return [];
  const path =
    dns === undefined ? ["dns"] : ["dns", dns.kind === "azure-dns" ? "identities" : "roles", "certificates"];
  const { set } = commandsFor(raw.environment, ["certificates", "issuer", "challenge"]);
  return [
    {
      path: pathText(path),
      given: "nothing",
      expected: `${dns === undefined ? "zones and who writes their records" : "who writes the answers to challenges"}, because certificates.issuer.challenge is dns01`,
      remedy: `write it in Pulumi.${raw.environment}.yaml, or type: ${set("http01")}`,
    },
  ];
}

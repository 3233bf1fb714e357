import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { writersOf } from "./dnsSection";
import type { Sections } from "./sections";
import { commandsFor, pathText } from "./setting";

/** What a challenge needs of other sections: one by DNS needs zones, and who writes their records. */
export function certificateFaults(raw: RawConfig, { certificates, dns }: Sections): Fault[] {
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

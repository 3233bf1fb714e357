import type { PlatformConfig } from "../infra/config";

/**
 * Domains of the platform's own, which no tenant may be given: that of its identity provider, where people type passwords, and that of
 * its pages, below which each tenant has one anyway.
 */
export function platformDomains({
  oidc,
  ingress,
}: Pick<PlatformConfig, "oidc" | "ingress">): readonly string[] {
  return [
    ...(oidc === undefined ? [] : [new URL(oidc.issuer).hostname]),
    ...(ingress.kind === "none" ? [] : [ingress.domain]),
  ];
}

import type { PlatformConfig } from "../infra/config";

/** Domains of the platform's own, which no tenant may be given: that of its identity provider, where people type passwords. */
export function platformDomains({ oidc }: Pick<PlatformConfig, "oidc">): readonly string[] {
  return oidc === undefined ? [] : [new URL(oidc.issuer).hostname];
}

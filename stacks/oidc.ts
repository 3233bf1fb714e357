import type * as pulumi from "@pulumi/pulumi";

import type { OidcApplication, PlatformConfig, PlatformRole, PlatformSecrets } from "../infra/config";
import { discover, type OidcEndpoints } from "../infra/oidc/discovery";

/** What an application needs so that people log in to it. */
export interface ApplicationLogin {
  readonly clientId: string;
  /** Secret. */
  readonly clientSecret: pulumi.Output<string>;
  readonly endpoints: OidcEndpoints;
  /** All that is asked for. */
  readonly scopes: readonly string[];
}

/**
 * How people log in to an application; `undefined` where the configuration has no client for it.
 *
 * @throws RunError if the identity provider doesn't answer as one: also in a preview, before anything changes.
 */
export async function applicationLogin(
  application: OidcApplication,
  { oidc }: Pick<PlatformConfig, "oidc">,
  secrets: PlatformSecrets,
): Promise<ApplicationLogin | undefined> {
  const client = oidc?.clients[application];
  if (oidc === undefined || client === undefined) return undefined;
  // The configuration's own checks admit no client without its secret.
  if (secrets.clientSecrets === undefined) throw new Error(`clientSecrets.${application}: expected a secret`);
  const path = client.issuer === undefined ? "oidc.issuer" : `oidc.clients.${application}.issuer`;
  return {
    clientId: client.clientId,
    clientSecret: secrets.clientSecrets.apply((all) => all[application] ?? ""),
    endpoints: await discover(client.issuer ?? oidc.issuer, path),
    scopes: [...new Set(["openid", "profile", "email", ...oidc.scopes])],
  };
}

/** The groups whose members have a role on the platform, by their names. */
export function groupsWith(role: PlatformRole, { oidc }: Pick<PlatformConfig, "oidc">): readonly string[] {
  return Object.entries(oidc?.groups ?? {})
    .filter(([, given]) => given === role)
    .map(([group]) => group)
    .sort();
}

import type * as pulumi from "@pulumi/pulumi";

import type {
  OidcApplication,
  OidcLogin,
  PlatformConfig,
  PlatformRole,
  PlatformSecrets,
} from "../infra/config";
import { authorityIn } from "../infra/authority";
import { discover, type OidcEndpoints } from "../infra/oidc/discovery";

/** What an application needs so that people log in to it. */
export interface ApplicationLogin {
  readonly clientId: string;
  /** Secret. */
  readonly clientSecret: pulumi.Output<string>;
  readonly endpoints: OidcEndpoints;
  /** All that is asked for. */
  readonly scopes: readonly string[];
  /** Certificates of the authorities that the provider is trusted by, in PEM. Absent where every machine trusts it. */
  readonly authority?: string | undefined;
}

/**
 * How people log in to the cluster; `undefined` where the configuration names no identity provider.
 *
 * @throws RunError if the file with the provider's authority can't be used.
 */
export async function clusterLogin({ oidc }: Pick<PlatformConfig, "oidc">): Promise<OidcLogin | undefined> {
  if (oidc === undefined) return undefined;
  const { issuer, clientId, scopes } = oidc;
  const authority = await authorityOf(oidc);
  return { issuer, clientId, scopes, ...(authority !== undefined && { authority }) };
}

const identityProvider = { path: "oidc.caFile", server: "the identity provider" };

async function authorityOf({ caFile }: NonNullable<PlatformConfig["oidc"]>): Promise<string | undefined> {
  return caFile === undefined ? undefined : await authorityIn(caFile, identityProvider);
}

/**
 * The authorities by which an application that finds the provider's endpoints itself trusts it; `undefined` where the configuration
 * has no client for it, or every machine trusts the provider.
 *
 * @throws RunError if the file with them can't be used.
 */
export async function applicationAuthority(
  application: OidcApplication,
  { oidc }: Pick<PlatformConfig, "oidc">,
): Promise<string | undefined> {
  return oidc?.clients[application] === undefined ? undefined : await authorityOf(oidc);
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
  const authority = await authorityOf(oidc);
  return {
    clientId: client.clientId,
    clientSecret: secrets.clientSecrets.apply((all) => all[application] ?? ""),
    endpoints: await discover(client.issuer ?? oidc.issuer, path, authority),
    scopes: [...new Set(["openid", "profile", "email", ...oidc.scopes])],
    authority,
  };
}

/** The groups whose members have a role on the platform, by their names. */
export function groupsWith(role: PlatformRole, { oidc }: Pick<PlatformConfig, "oidc">): readonly string[] {
  return Object.entries(oidc?.groups ?? {})
    .filter(([, given]) => given === role)
    .map(([group]) => group)
    .sort();
}

import { z } from "zod";
import { help, homePath } from "./help";

/** By whom people log in to the cluster, by OpenID Connect; the cluster is told of it by whoever makes it. */
export interface OidcLogin {
  /** The identity provider's URL, as in its tokens. */
  readonly issuer: string;
  /** The public client that `kubectl` logs in with. */
  readonly clientId: string;
  /** What is asked for beside `openid`, so that the token has the groups. */
  readonly scopes: readonly string[];
  /** Certificates of the authorities that the provider is trusted by, in PEM. @default those of the machine that asks it */
  readonly authority?: string | undefined;
}

/** The identity provider, and what it says of people. */
export interface OidcConfig extends Omit<OidcLogin, "authority"> {
  /**
   * The file, on the machine that runs Pulumi, with the certificates of the authorities that the provider is trusted by, in PEM.
   *
   * @default every machine knows them
   */
  readonly caFile?: string | undefined;
  /**
   * What the platform's own people may do, by their group, in every application alike. Tenants' groups are with the tenants.
   *
   * @default nobody has a role
   */
  readonly groups: Readonly<Record<string, PlatformRole>>;
  /**
   * The applications that people log in to, each with its own client at the provider.
   *
   * @default none
   */
  readonly clients: { readonly [application in OidcApplication]?: OidcClient | undefined };
}

/** Who runs the platform, and who may look at all of it. */
export type PlatformRole = "operator" | "viewer";

/** What people log in to. */
export type OidcApplication = "grafana" | "argocd";

/** An application's confidential client. Its secret is the stack's, `clientSecrets.<application>`. */
export interface OidcClient {
  readonly clientId: string;
  /** The provider's URL for this client, where each has one of its own, as with Authentik. @default the section's */
  readonly issuer?: string | undefined;
}

/** The setting that holds the clients' secrets, by application. */
export const clientSecrets = "clientSecrets";

const issuer = z.url({ protocol: /^https$/ }).register(help, {
  expected: "the URL of an OpenID Connect issuer, which starts with https://",
  example: "https://login.example.org/realms/teams",
});

const client = z.strictObject({
  clientId: z
    .string()
    .min(1)
    .register(help, { expected: "the id of the application's client", example: "grafana" }),
  issuer: issuer.optional(),
});

/** The section `oidc`. */
export const oidc = z
  .strictObject({
    issuer,
    clientId: z
      .string()
      .min(1)
      .register(help, { expected: "the id of the public client for kubectl", example: "kubernetes" }),
    caFile: homePath("~/terp/login-ca.pem").optional(),
    scopes: z
      .array(
        z
          .string()
          .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/)
          .register(help, { expected: "a scope's name", example: "groups" }),
      )
      .default(["groups"]),
    groups: z
      .record(
        z
          .string()
          .regex(/^\S(.{0,253}\S)?$/u)
          .register(help, {
            expected: "a group as the provider's tokens name it, without a space at either end",
            example: "platform-operators",
          }),
        z
          .union([z.literal("operator"), z.literal("viewer")])
          .register(help, { expected: "operator or viewer", example: "operator" }),
      )
      .default({}),
    clients: z.strictObject({ grafana: client.optional(), argocd: client.optional() }).default({}),
  })
  .optional();

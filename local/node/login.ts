/** By whom people log in to a node's API server: an OpenID Connect provider that signs their tokens. */
export interface NodeLogin {
  /** The provider's URL, the claim `iss` of its tokens. */
  readonly issuer: string;
  /** The client that tokens must be for, the claim `aud`. */
  readonly clientId: string;
  /** Certificates of the authorities that the provider is trusted by, in PEM. Default: those of this machine. */
  readonly authority?: string | undefined;
}

/** Before a person's name, so that no provider can name somebody of the cluster's own. */
export const loginPrefix = "oidc:";

/**
 * The API server's AuthenticationConfiguration: the claim `sub` is who somebody is, the claim `groups` has their groups as they
 * are. A token with a group of Kubernetes' own is refused: `system:masters` may do everything.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export function authenticationConfiguration({ issuer, clientId, authority }: NodeLogin): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: {
          url: issuer,
          audiences: [clientId],
          ...(authority === undefined ? {} : { certificateAuthority: authority }),
        },
        claimMappings: {
          username: { claim: "sub", prefix: loginPrefix },
          groups: { claim: "groups", prefix: "" },
        },
        userValidationRules: [
          {
            expression: "user.groups.all(group, !group.startsWith('system:'))",
            message: "groups that begin with system: are Kubernetes' own",
          },
        ],
      },
    ],
  };
}

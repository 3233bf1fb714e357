import { stringify } from "yaml";
import type { OidcLogin } from "../../infra/config";
import type { Access } from "../../infra/cluster/kubeApi";

/** By what a kubeconfig's user is known: a token, which is a secret, or a login, which asks the person when it is used. */
export type Proof =
  { readonly kind: "token"; readonly token: string } | { readonly kind: "login"; readonly oidc: OidcLogin };

/** What a kubeconfig is for. */
export interface TenantKubeconfig {
  readonly tenant: string;
  /** The namespace that commands without one mean. */
  readonly namespace: string;
  readonly access: Access;
  readonly proof: Proof;
}

/** A kubeconfig for one tenant's namespaces, with credentials inline or with a login. */
export function tenantKubeconfig({ tenant, namespace, access, proof }: TenantKubeconfig): string {
  const authority =
    access.certificateAuthority === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(access.certificateAuthority).toString("base64") };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": tenant,
    clusters: [{ name: "terp", cluster: { server: access.server, ...authority } }],
    users: [{ name: tenant, user: userOf(proof) }],
    contexts: [{ name: tenant, context: { cluster: "terp", user: tenant, namespace } }],
  });
}

/** The login is kubelogin's, by its name as a plugin of kubectl: https://github.com/int128/kubelogin */
function userOf(proof: Proof): object {
  if (proof.kind === "token") return { token: proof.token };
  const { issuer, clientId, scopes, authority } = proof.oidc;
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "kubectl",
      args: [
        "oidc-login",
        "get-token",
        `--oidc-issuer-url=${issuer}`,
        `--oidc-client-id=${clientId}`,
        ...scopes.map((scope) => `--oidc-extra-scope=${scope}`),
        ...(authority === undefined
          ? []
          : [`--certificate-authority-data=${Buffer.from(authority).toString("base64")}`]),
      ],
      interactiveMode: "IfAvailable",
      provideClusterInfo: false,
      installHint: "Logging in needs kubelogin: kubectl krew install oidc-login",
    },
  };
}

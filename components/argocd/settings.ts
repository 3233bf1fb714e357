import { stringify } from "yaml";

import { byGroup, shownKinds, type ManagedKind } from "./kinds";

/** How people log in to Argo CD, by OpenID Connect. */
export interface ArgocdLogin {
  /** The identity provider's URL. */
  readonly issuer: string;
  readonly clientId: string;
  /** What is asked for, `openid` included. */
  readonly scopes: readonly string[];
  /**
   * Certificates of the authorities that the provider is trusted by, in PEM.
   *
   * @default those of Argo CD's image
   */
  readonly authority?: string | undefined;
}

/** Groups of the identity provider's whose members see, or run, all applications. Tenants' own groups are in their projects. */
export interface ArgocdGroups {
  readonly operators: readonly string[];
  readonly viewers: readonly string[];
}

/** What Argo CD's settings depend on. */
export interface ArgocdSettings {
  /** What tenants and operators may have applied: Argo CD looks at these kinds, at {@link shownKinds}, and at nothing else. */
  readonly kinds: readonly ManagedKind[];
  /** The URL of its pages; absent where it has none. */
  readonly url?: string | undefined;
  /** Absent where the identity provider has no client for it: then there is `admin`, with a password. */
  readonly login?: ArgocdLogin | undefined;
}

/** The key in `argocd-secret` with the client's secret. Argo CD replaces a `$` and this by it. */
export const clientSecretKey = "oidc.clientSecret";

/**
 * The data of `argocd-cm`: https://argo-cd.readthedocs.io/en/release-3.2/operator-manual/argocd-cm-yaml/
 *
 * Secrets are among the kinds that are looked at only if they are among those given: what isn't is left out of what Argo CD
 * applies, with a warning at the application.
 */
export function argocdConfiguration({ kinds, url, login }: ArgocdSettings): Record<string, string> {
  return {
    "admin.enabled": String(url !== undefined && login === undefined),
    "application.resourceTrackingMethod": "annotation",
    "application.sync.impersonation.enabled": "true",
    "exec.enabled": "false",
    "jsonnet.enable": "false",
    "users.anonymous.enabled": "false",
    "resource.inclusions": stringify(
      [...byGroup([...kinds, ...shownKinds])].map(([group, of]) => ({
        apiGroups: [group],
        kinds: of.map(({ kind }) => kind),
        clusters: ["*"],
      })),
    ),
    ...(url === undefined ? {} : { url }),
    ...(login && {
      "oidc.config": stringify({
        name: "Single sign-on",
        issuer: login.issuer,
        clientID: login.clientId,
        clientSecret: `$${clientSecretKey}`,
        requestedScopes: [...login.scopes],
        ...(login.authority !== undefined && { rootCA: login.authority }),
      }),
    }),
  };
}

/**
 * The data of `argocd-rbac-cm`: who is in no group may do nothing. A tenant's groups have their rights from the tenant's project.
 *
 * @param groups Without faults: a comma would begin another field.
 */
export function argocdPolicy({ operators, viewers }: ArgocdGroups): Record<string, string> {
  const lines = [
    ...operators.map((group) => `g, ${quoted(group)}, role:admin`),
    ...viewers.map((group) => `g, ${quoted(group)}, role:readonly`),
  ];
  return {
    "policy.default": "",
    "policy.csv": lines.map((line) => `${line}\n`).join(""),
    scopes: "[groups]",
  };
}

/** A field of CSV, by RFC 4180. */
function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}

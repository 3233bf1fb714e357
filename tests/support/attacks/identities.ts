/** As whom an attacker of the tenant team-blue acts. */
export type Identity = "administrator" | "owner" | "developer" | "viewer" | "reconciler" | "robot";

/** A request that must be refused. */
export interface ForbiddenRequest {
  /** What it is, as the end of "nobody of a tenant can". */
  readonly what: string;
  readonly as: Identity;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** @default JSON; of a PATCH, a merge patch */
  readonly type?: "json-patch" | "apply" | "merge-patch" | "strategic";
  /** More headers, e.g. to act as somebody else. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Why, in the API server's words. @default {@link withoutRight} */
  readonly because?: RegExp;
}

/** What Kubernetes' authorizer says to who lacks a right. */
export const withoutRight = / cannot [a-z]+ (resource|path) /;
/** What Pod Security says. */
export const notRestricted = /violates PodSecurity "restricted:v1\.34"/;

/** The attacker's own namespace, its control namespace, and another tenant's. */
export const own = "team-blue-app";
export const control = "terp-tenant-team-blue";
export const victim = "team-green-app";
export const victimControl = "terp-tenant-team-green";

/** The collection of a namespaced kind, e.g. `at("apps/v1", "deployments", own)`. */
export function at(apiVersion: string, plural: string, namespace: string, name?: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return [root, "namespaces", namespace, plural, ...(name === undefined ? [] : [name])].join("/");
}

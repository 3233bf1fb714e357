/** Labels and names that everything inside the cluster has in common. */

/** Names the stack an object belongs to; admission reserves it. */
export const environmentLabel = "terp.dev/environment";
/** Names the tenant an object belongs to; admission reserves it. */
export const tenantLabel = "terp.dev/tenant";
/** Says what a namespace is for, see {@link Role}; admission reserves it. */
export const roleLabel = "terp.dev/role";
/** An annotation by which an operator hands an object that Terp didn't make over to an environment. */
export const adoptAnnotation = "terp.dev/adopt";
/** The field manager of everything the program applies: one that a lost state can't forget. */
export const fieldManager = "terp";

/**
 * What an object is for: a tenant's own namespaces, its control namespace, the platform; of the platform's namespaces,
 * those whose pods reach into tenants' say so: what brings requests from outside, and what collects logs and metrics.
 */
export type Role = "tenant" | "control" | "platform" | "gateway" | "collector";

/** Whose an object is. */
export interface Ownership {
  /** The stack's name. */
  readonly environment: string;
  readonly role: Role;
  /** The tenant's name; absent for the platform's own objects. */
  readonly tenant?: string;
}

/** The part of an object's metadata that the program decides. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The labels by which an object is known as this stack's, and adopted when the state has lost it. */
export function ownershipLabels(owner: Ownership): Record<string, string> {
  return {
    "app.kubernetes.io/managed-by": "terp",
    [environmentLabel]: owner.environment,
    [roleLabel]: owner.role,
    ...(owner.tenant === undefined ? {} : { [tenantLabel]: owner.tenant }),
  };
}

/**
 * Metadata of an object with a fixed name, its owner's labels and the fixed field manager.
 *
 * @param owner Whose the object is.
 * @param own Its name, its namespace if it has one, and what it needs beyond the owner's labels.
 */
export function metadata(
  owner: Ownership,
  own: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  },
): ObjectMetadata {
  return {
    name: own.name,
    ...(own.namespace === undefined ? {} : { namespace: own.namespace }),
    labels: { ...own.labels, ...ownershipLabels(owner) },
    annotations: { ...own.annotations, "pulumi.com/patchFieldManager": fieldManager },
  };
}

/**
 * Metadata of an object that a run doesn't wait for: one that is ready when something else is, which the run waits for anyway.
 * A Service without pods would hold it up for ten seconds.
 */
export function withoutAwait(own: ObjectMetadata): ObjectMetadata {
  return { ...own, annotations: { ...own.annotations, "pulumi.com/skipAwait": "true" } };
}

/**
 * The logical name of an object: derived from what it is, so that moving it in the program can't plan the creation
 * and the deletion of one and the same object.
 *
 * @example logicalName("Secret", "deploy-key", "terp-tenant-team-blue") // "Secret/terp-tenant-team-blue/deploy-key"
 */
export function logicalName(kind: string, name: string, namespace?: string): string {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].join("/");
}

/** Labels of a namespace whose pods must meet Pod Security's `restricted` profile of one pinned Kubernetes version. */
export function restrictedPods(version: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const mode of ["enforce", "audit", "warn"]) {
    labels[`pod-security.kubernetes.io/${mode}`] = "restricted";
    labels[`pod-security.kubernetes.io/${mode}-version`] = version;
  }
  return labels;
}

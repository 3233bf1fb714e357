import { argocdGroup } from "./names";

/** A kind of object, as Argo CD and as the API server name it. */
export interface ManagedKind {
  /** Empty for Kubernetes' core. */
  readonly group: string;
  readonly kind: string;
  /** The resource's name in URLs and roles. */
  readonly resource: string;
}

/** What belongs to applications and isn't in any repository: looked at so that people see why one isn't well. */
export const shownKinds: readonly ManagedKind[] = [
  { group: "", kind: "Pod", resource: "pods" },
  { group: "apps", kind: "ReplicaSet", resource: "replicasets" },
];

/** Kinds by their group, in the order in which they are given. */
export function byGroup(kinds: readonly ManagedKind[]): ReadonlyMap<string, readonly ManagedKind[]> {
  const groups = new Map<string, ManagedKind[]>();
  for (const kind of kinds) groups.set(kind.group, [...(groups.get(kind.group) ?? []), kind]);
  return groups;
}

/** What the root Application of the platform's operators holds beside what tenants may have: no tenant's project has these. */
export const operatorsKinds: readonly ManagedKind[] = [
  { group: "", kind: "Namespace", resource: "namespaces" },
  { group: argocdGroup, kind: "Application", resource: "applications" },
];

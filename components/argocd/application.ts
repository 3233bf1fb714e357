import type { Input } from "@pulumi/pulumi";

import type { ManagedKind } from "./kinds";
import { ownCluster } from "./names";

/** Groups of a tenant's, as the identity provider names them, by what they may do in Argo CD. */
export interface ProjectGroups {
  /** Those who may also have an application applied anew. */
  readonly owners: readonly string[];
  /** Those who look at applications. */
  readonly viewers: readonly string[];
}

/** What a tenant's project is made from. */
export interface ProjectArgs {
  readonly tenant: string;
  /** The SSH URLs of its repositories: the only sources. */
  readonly repositories: readonly Input<string>[];
  /** Full names of its namespaces: the only destinations. */
  readonly namespaces: readonly string[];
  readonly kinds: readonly ManagedKind[];
  /** The account that all is applied as, as `<namespace>:<name>`. */
  readonly account: string;
  readonly groups: ProjectGroups;
}

/** Kinds that bound a tenant: not its own to write, whatever else is allowed. */
const bounds = ["ResourceQuota", "LimitRange"].map((kind) => ({ group: "", kind }));

/**
 * The `spec` of a tenant's AppProject: its repository into its namespaces, as its reconciler, and nothing else.
 *
 * https://argo-cd.readthedocs.io/en/release-3.2/operator-manual/project-specification/
 */
export function projectSpec(args: ProjectArgs): object {
  const destinations = args.namespaces.map((namespace) => ({ server: ownCluster, namespace }));
  return {
    description: `what runs for the tenant ${args.tenant}`,
    sourceRepos: [...args.repositories],
    sourceNamespaces: [],
    destinations,
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: args.kinds.map(({ group, kind }) => ({ group, kind })),
    namespaceResourceBlacklist: bounds,
    destinationServiceAccounts: destinations.map((destination) => ({
      ...destination,
      defaultServiceAccount: args.account,
    })),
    roles: [
      role(args.tenant, "owners", ["get", "sync"], args.groups.owners),
      role(args.tenant, "viewers", ["get"], args.groups.viewers),
    ].filter(({ groups }) => groups.length > 0),
  };
}

function role(
  tenant: string,
  name: keyof ProjectGroups,
  actions: readonly string[],
  groups: readonly string[],
): { name: string; policies: string[]; groups: readonly string[] } {
  return {
    name,
    policies: actions.map(
      (action) => `p, proj:${tenant}:${name}, applications, ${action}, ${tenant}/*, allow`,
    ),
    groups,
  };
}

/** The `spec` of the project that Argo CD makes by itself where there is none, and that allows everything: nothing is in it. */
export const emptyProjectSpec = {
  description: "allows nothing: each tenant has a project of its own",
  sourceRepos: [],
  destinations: [],
  clusterResourceWhitelist: [],
  namespaceResourceBlacklist: [{ group: "*", kind: "*" }],
} as const;

/** What a tenant's Application is made from. */
export interface ApplicationArgs {
  readonly tenant: string;
  readonly repository: Input<string>;
  readonly branch: string;
  /** Folder in the repository. */
  readonly path: string;
  /** The namespace of what names none. */
  readonly namespace: string;
  /** How soon what failed is tried again, e.g. `3s`. */
  readonly retry: string;
  /** Whether nothing is applied any more. */
  readonly isSuspended?: boolean;
}

/** The longest that what mends a failure waits, for Argo CD looks at a newer commit only when it tries again. */
const longestRetry = "15s";

/**
 * An Application's `spec`, with what a Kustomization of Flux's does for the same folder: what is pushed is applied, what leaves the
 * repository leaves the cluster, what somebody changed is changed back, and what fails is tried again.
 */
export function applicationSpec(args: ApplicationArgs): object {
  return {
    project: args.tenant,
    source: { repoURL: args.repository, targetRevision: args.branch, path: args.path },
    destination: { server: ownCluster, namespace: args.namespace },
    revisionHistoryLimit: 2,
    syncPolicy: syncPolicy(args),
  };
}

/** How and when what an Application names is applied. */
export function syncPolicy({ retry, isSuspended }: Pick<ApplicationArgs, "retry" | "isSuspended">): object {
  return {
    ...(isSuspended === true ? {} : { automated: { prune: true, selfHeal: true } }),
    syncOptions: ["ServerSideApply=true", "CreateNamespace=false"],
    // Without `refresh` it would try the commit that failed for ever, and never the one that mends it.
    retry: { limit: -1, refresh: true, backoff: { duration: retry, factor: 2, maxDuration: longestRetry } },
  };
}

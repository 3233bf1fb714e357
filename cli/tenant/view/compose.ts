import { tenantLabel } from "../../../components/metadata";
import { controlNamespaceName } from "../../../components/tenant/names";
import { environmentFolder } from "../../../components/tenant/scaffold";
import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { tenantItem, type TenantItem } from "../../cluster/survey";
import { allowancesOf, peopleIn, quotaUse, sizeClassOf, troublesIn, volumeOf, warningsIn } from "./parts";
import type { ClusterFacts } from "./readCluster";
import type { BroughtView, NamespaceView, TenantView } from "./tenantView";

/** What the state knows of tenants. */
export interface StateFacts {
  readonly names: readonly string[];
  /** Addresses, by tenant. */
  readonly repositories: Readonly<Record<string, string>>;
  /** By tenant. */
  readonly recipients: Readonly<Record<string, string>>;
  /** Of repositories that tenants brought along, by tenant. */
  readonly deployKeys: Readonly<Record<string, string>>;
  /** What the folder of a repository is called that is applied. */
  readonly environment: string;
}

/** What was found out: each half may be missing. */
export interface TenantFacts {
  readonly state: StateFacts | undefined;
  readonly cluster: ClusterFacts | undefined;
  /** How the cluster is, for a tenant of which it says nothing. */
  readonly clusterReason: string;
}

function tenantOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels[tenantLabel];
}

/** The names of all tenants that either the state or the cluster knows, sorted. */
export function tenantNames({ state, cluster }: TenantFacts): readonly string[] {
  const seen = [...(cluster?.namespaces ?? []), ...(cluster?.kustomizations ?? [])].flatMap(
    (each) => tenantOf(each) ?? [],
  );
  return [...new Set([...(state?.names ?? []), ...seen])].sort();
}

/** Puts together what is known of one tenant. */
export function composeTenant(name: string, facts: TenantFacts): TenantView {
  const { state, cluster } = facts;
  const own = (objects: readonly KubeObject[] = []): readonly KubeObject[] =>
    objects.filter((each) => tenantOf(each) === name);
  const namespaces = own(cluster?.namespaces);
  const names = new Set(namespaces.map(({ metadata }) => metadata.name));
  const within = (objects: readonly KubeObject[] = []): readonly KubeObject[] =>
    objects.filter(({ metadata }) => names.has(metadata.namespace));
  const quotas = own(cluster?.quotas);
  const workloads = (cluster?.workloads ?? []).map(({ kind, objects }) => ({
    kind,
    objects: within(objects),
  }));
  const recipient = state?.recipients[name] ?? cluster?.key?.recipient;
  return {
    name,
    ...reconciliation(name, facts),
    repository: state?.repositories[name],
    recipient,
    brought: broughtView(name, state),
    former: (cluster?.key?.former ?? []).filter((each) => each !== recipient),
    namespaces: namespaces.map(({ metadata }) => namespaceView(metadata.name, quotas)).sort(byName),
    people: peopleIn(own(cluster?.bindings)),
    allowances: allowancesOf(namespaces[0]),
    troubles: troublesIn(workloads, within(cluster?.pods)),
    volumes: within(cluster?.claims).map(volumeOf).sort(byName),
    warnings: warningsIn(within(cluster?.events)),
  };
}

function broughtView(name: string, state: StateFacts | undefined): BroughtView | undefined {
  const deployKey = state?.deployKeys[name];
  return state === undefined || deployKey === undefined
    ? undefined
    : { deployKey, folder: environmentFolder(state.environment) };
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name);
}

function namespaceView(name: string, quotas: readonly KubeObject[]): NamespaceView {
  const quota = quotas.find(({ metadata }) => metadata.namespace === name);
  return {
    name,
    size: quota === undefined ? undefined : sizeClassOf(quota),
    quota: quota === undefined ? [] : quotaUse(quota),
  };
}

type Reconciliation = Pick<TenantView, "ready" | "reason" | "suspended" | "revision" | "reconciled">;

/** What Flux does for the tenant from its control namespace; what it adds for itself in its own isn't counted. */
function reconciliation(name: string, { cluster, clusterReason }: TenantFacts): Reconciliation {
  const unknown = { ready: false, suspended: false, revision: "", reconciled: "" };
  if (cluster === undefined) return { ...unknown, reason: clusterReason };
  const control = controlNamespaceName(name);
  const applied = cluster.kustomizations.filter(({ metadata }) => metadata.namespace === control);
  const [first] = applied;
  if (first === undefined) return { ...unknown, reason: "Flux knows nothing of it" };
  const items = applied.map((each) => tenantItem(each, cluster.sources));
  const item = items.find(({ ready }) => !ready) ?? items[0];
  const { revision, reconciled } = item as TenantItem;
  const suspended = applied.some(({ spec }) => spec["suspend"] === true);
  if (suspended) {
    // That is how it is meant to be, until it is removed or resumed.
    return { ready: true, suspended, reason: "suspended: nothing is applied", revision, reconciled };
  }
  return { ready: item?.ready ?? false, reason: item?.reason ?? "", suspended, revision, reconciled };
}

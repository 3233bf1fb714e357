import { tenantKeySecret } from "../../../components/flux/names";
import { roleLabel, tenantLabel } from "../../../components/metadata";
import { controlNamespaceName } from "../../../components/tenant/names";
import { formerAnnotation, recipientAnnotation } from "../../../components/tenant/sealedKey";
import type { KubeApi, KubeObject } from "../../../infra/cluster/kubeApi";
import { KubeApiError } from "../../../infra/cluster/kubeApi";
import type { Workloads } from "./parts";

/** The part of the Kubernetes API that is read. */
export type Reader = Pick<KubeApi, "list" | "metadata">;

/** What the cluster has of tenants. */
export interface ClusterFacts {
  /** The tenants' own namespaces. */
  readonly namespaces: readonly KubeObject[];
  readonly kustomizations: readonly KubeObject[];
  readonly sources: readonly KubeObject[];
  readonly quotas: readonly KubeObject[];
  readonly bindings: readonly KubeObject[];
  readonly workloads: readonly Workloads[];
  readonly pods: readonly KubeObject[];
  readonly claims: readonly KubeObject[];
  readonly events: readonly KubeObject[];
  /** A tenant's recipient as its key in the cluster names it, and its former ones. Only for one tenant. */
  readonly key: { readonly recipient: string | undefined; readonly former: readonly string[] } | undefined;
  /** What couldn't be read, and why. */
  readonly unread: readonly string[];
}

const apps = [
  ["deployments", "Deployment"],
  ["statefulsets", "StatefulSet"],
  ["daemonsets", "DaemonSet"],
] as const;

const flux = {
  kustomizations: "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
  sources: "/apis/source.toolkit.fluxcd.io/v1/gitrepositories",
} as const;

function labelled(labels: Readonly<Record<string, string | undefined>>): string {
  const selector = Object.entries(labels).map(([label, value]) =>
    value === undefined ? label : `${label}=${value}`,
  );
  return `labelSelector=${encodeURIComponent(selector.join(","))}`;
}

/**
 * Asks the cluster for all tenants, or for one and all that it has. What the API server refuses is noted and left out.
 *
 * @param tenant The one tenant; without it, what only the view of one tenant shows isn't asked for.
 * @throws if the cluster doesn't answer.
 */
export async function readCluster(api: Reader, tenant?: string): Promise<ClusterFacts> {
  const unread: string[] = [];
  const list = (path: string, what: string): Promise<KubeObject[]> =>
    api.list(path).catch((error: unknown) => {
      if (!(error instanceof KubeApiError)) throw error;
      unread.push(`${what}: ${error.message}`);
      return [];
    });
  const own = labelled({ [tenantLabel]: tenant });
  const platform = (path: string, what: string): Promise<KubeObject[]> => list(`${path}?${own}`, what);
  const [namespaces, kustomizations, sources, quotas, bindings] = await Promise.all([
    list(`/api/v1/namespaces?${labelled({ [tenantLabel]: tenant, [roleLabel]: "tenant" })}`, "namespaces"),
    platform(flux.kustomizations, "Kustomizations"),
    platform(flux.sources, "GitRepositories"),
    platform("/api/v1/resourcequotas", "ResourceQuotas"),
    platform("/apis/rbac.authorization.k8s.io/v1/rolebindings", "RoleBindings"),
  ]);
  const names = new Set(namespaces.map(({ metadata }) => metadata.name));
  // Tenants' own objects bear no label of ours. One tenant's are asked for by namespace; all tenants', at once.
  const within = async (api: string, plural: string, query = ""): Promise<KubeObject[]> => {
    const paths =
      tenant === undefined
        ? [`${api}/${plural}`]
        : [...names].map((name) => `${api}/namespaces/${name}/${plural}`);
    const found = await Promise.all(paths.map((path) => list(`${path}${query}`, plural)));
    return found.flat().filter(({ metadata }) => names.has(metadata.namespace));
  };
  const onlyOne = tenant !== undefined;
  const [pods, workloads, claims, events, key] = await Promise.all([
    within("/api/v1", "pods"),
    Promise.all(
      apps.map(async ([plural, kind]) => ({ kind, objects: await within("/apis/apps/v1", plural) })),
    ),
    onlyOne ? within("/api/v1", "persistentvolumeclaims") : [],
    onlyOne ? within("/api/v1", "events", `?fieldSelector=${encodeURIComponent("type=Warning")}`) : [],
    onlyOne ? readKey(api, tenant, unread) : undefined,
  ]);
  return {
    namespaces,
    kustomizations,
    sources,
    quotas,
    bindings,
    workloads,
    pods,
    claims,
    events,
    key,
    unread,
  };
}

/** The public half of a tenant's key, and of its former ones: annotations say them. */
async function readKey(api: Reader, tenant: string, unread: string[]): Promise<ClusterFacts["key"]> {
  const path = `/api/v1/namespaces/${controlNamespaceName(tenant)}/secrets/${tenantKeySecret}`;
  try {
    const metadata = await api.metadata(path);
    const annotations = metadata?.["annotations"] as Readonly<Record<string, string>> | undefined;
    const former = (annotations?.[formerAnnotation] ?? "").split(" ").filter((each) => each !== "");
    return { recipient: annotations?.[recipientAnnotation], former };
  } catch (error) {
    if (!(error instanceof KubeApiError)) throw error;
    unread.push(`the tenant's key: ${error.message}`);
    return undefined;
  }
}

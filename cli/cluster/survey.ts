import {
  endingHealth,
  kustomizationHealth,
  podTrouble,
  readyHealth,
  workloadHealth,
  type Health,
} from "./health";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { readTroubles, type Trouble } from "./troubles";

/** A named thing and how it is. */
export interface Item extends Health {
  readonly name: string;
  /** A version, or how many. */
  readonly detail: string;
}

/** What Flux does for a tenant. */
export interface TenantItem extends Item {
  readonly tenant: string;
  /** The revision that is applied, e.g. `main@sha1:1234567`; empty if none is. */
  readonly revision: string;
  /** When it was applied, in ISO 8601; empty if none is. */
  readonly reconciled: string;
}

/** What runs in the cluster. */
export interface Survey {
  readonly nodes: readonly Item[];
  readonly services: readonly Item[];
  readonly tenants: readonly TenantItem[];
}

/** Labels by which the platform's objects are found. */
export const labels = { tenant: "terp.dev/tenant", role: "terp.dev/role" } as const;

const workloads = [
  ["/apis/apps/v1/deployments", "Deployment"],
  ["/apis/apps/v1/statefulsets", "StatefulSet"],
  ["/apis/apps/v1/daemonsets", "DaemonSet"],
] as const;

const kustomizations = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations";
const repositories = "/apis/source.toolkit.fluxcd.io/v1/gitrepositories";

/** Asks the cluster for everything that `terp status` shows, at once. */
export async function survey(api: KubeApi): Promise<Survey> {
  const selector = `?labelSelector=${encodeURIComponent(labels.tenant)}`;
  const [nodes, namespaces, pods, sources, applied, ...found] = await Promise.all([
    api.list("/api/v1/nodes"),
    api.list(`/api/v1/namespaces${selector}`),
    api.list("/api/v1/pods"),
    api.list(repositories),
    api.list(kustomizations),
    ...workloads.map(([path]) => api.list(path)),
  ]);
  const tenantNamespaces = new Set(namespaces.map((each) => each.metadata.name));
  const services = found.flat().filter((each) => !tenantNamespaces.has(each.metadata.namespace));
  const troubles = await readTroubles(api, pods, new Date());
  return {
    nodes: nodes.map(nodeItem),
    services: [
      ...services.map((each) => serviceItem(each, pods)),
      ...applied
        .filter((each) => !isTenants(each) && !tenantNamespaces.has(each.metadata.namespace))
        .map((each) => tenantItem(each, sources)),
      ...namespaces.flatMap(endingItem),
      // A tenant's own certificate is the tenant's to mend.
      ...troubles.filter(({ namespace }) => !tenantNamespaces.has(namespace)).map(troubleItem),
    ],
    tenants: applied.filter(isTenants).map((each) => tenantItem(each, sources)),
  };
}

/** Asks for the tenants alone: what is asked again and again while Flux works must not keep it from working. */
export async function surveyTenants(api: KubeApi): Promise<readonly TenantItem[]> {
  const selector = `?labelSelector=${encodeURIComponent(labels.tenant)}`;
  const [sources, applied] = await Promise.all([
    api.list(`${repositories}${selector}`),
    api.list(`${kustomizations}${selector}`),
  ]);
  return applied.map((each) => tenantItem(each, sources));
}

/** A tenant's namespace that doesn't go is for an operator to see. */
function endingItem(namespace: KubeObject): Item[] {
  const health = endingHealth(namespace);
  return health === undefined
    ? []
    : [{ name: `namespace ${namespace.metadata.name}`, detail: "", ...health }];
}

function troubleItem({ what, found, remedy }: Trouble): Item {
  return { name: what, detail: "", ready: false, reason: `${found}; ${remedy}` };
}

function isTenants(object: KubeObject): boolean {
  return object.metadata.labels[labels.tenant] !== undefined;
}

function nodeItem(node: KubeObject): Item {
  const info = node.status["nodeInfo"] as { readonly kubeletVersion?: string } | undefined;
  const health = readyHealth(node);
  return { name: node.metadata.name, detail: info?.kubeletVersion ?? "", ...health };
}

function serviceItem(workload: KubeObject, pods: readonly KubeObject[]): Item {
  const { name, namespace } = workload.metadata;
  const health = workloadHealth(workload);
  const item = { name: `${namespace}/${name}`, detail: imageTag(workload) };
  if (health.ready) return { ...item, ...health };
  const trouble = pods
    .filter((pod) => pod.metadata.namespace === namespace && pod.metadata.name.startsWith(`${name}-`))
    .map(podTrouble)
    .find((each) => each !== undefined);
  return { ...item, ready: false, reason: trouble ?? health.reason };
}

function imageTag(workload: KubeObject): string {
  const template = workload.spec["template"] as
    { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } } | undefined;
  const image = template?.spec?.containers?.[0]?.image ?? "";
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1] ?? "";
  return tag.split("@")[0] ?? "";
}

/** A tenant is as its Kustomization is; when its source is in trouble, that is the reason. */
export function tenantItem(kustomization: KubeObject, sources: readonly KubeObject[]): TenantItem {
  const { name, namespace } = kustomization.metadata;
  const tenant = kustomization.metadata.labels[labels.tenant] ?? "";
  const own = kustomizationHealth(kustomization);
  const reference = kustomization.spec["sourceRef"] as { readonly name?: string } | undefined;
  const source = sources.find(
    (each) => each.metadata.namespace === namespace && each.metadata.name === reference?.name,
  );
  const sourceHealth = source === undefined ? undefined : readyHealth(source);
  const health =
    !own.ready && sourceHealth?.ready === false
      ? { ready: false, reason: `its repository: ${sourceHealth.reason}` }
      : own;
  const revision = kustomization.status["lastAppliedRevision"];
  const reconciled = kustomization.status.conditions?.find((each) => each.type === "Ready");
  const plain = typeof revision === "string" ? revision : "";
  return {
    name: `${namespace}/${name}`,
    tenant,
    detail: plain,
    ...health,
    revision: plain,
    reconciled: plain === "" ? "" : (reconciled?.lastTransitionTime ?? ""),
  };
}

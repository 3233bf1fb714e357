import { asText } from "../server/values";
import type { KubeClient } from "./client";
import { ApiError } from "./client";
import { objectsAt } from "./objects";

/** Where a kind's objects are found in the API. */
export interface Kind {
  /** `/api/v1` or `/apis/<group>/<version>` */
  readonly base: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The server doesn't know the kind: typically its CustomResourceDefinition is missing. */
export class NoSuchKind extends Error {
  public constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
    this.name = "NoSuchKind";
  }
}

/** The kinds that every server has, so that neither a preview nor an unreachable server costs a question. */
const known: Readonly<Record<string, { readonly namespaced: string; readonly cluster?: string }>> = {
  v1: {
    namespaced:
      "configmaps:ConfigMap endpoints:Endpoints events:Event limitranges:LimitRange persistentvolumeclaims:PersistentVolumeClaim " +
      "pods:Pod podtemplates:PodTemplate replicationcontrollers:ReplicationController resourcequotas:ResourceQuota " +
      "secrets:Secret serviceaccounts:ServiceAccount services:Service",
    cluster: "namespaces:Namespace nodes:Node persistentvolumes:PersistentVolume",
  },
  "apps/v1": {
    namespaced:
      "controllerrevisions:ControllerRevision daemonsets:DaemonSet deployments:Deployment replicasets:ReplicaSet statefulsets:StatefulSet",
  },
  "batch/v1": { namespaced: "cronjobs:CronJob jobs:Job" },
  "autoscaling/v1": { namespaced: "horizontalpodautoscalers:HorizontalPodAutoscaler" },
  "autoscaling/v2": { namespaced: "horizontalpodautoscalers:HorizontalPodAutoscaler" },
  "policy/v1": { namespaced: "poddisruptionbudgets:PodDisruptionBudget" },
  "networking.k8s.io/v1": {
    namespaced: "ingresses:Ingress networkpolicies:NetworkPolicy",
    cluster: "ingressclasses:IngressClass",
  },
  "rbac.authorization.k8s.io/v1": {
    namespaced: "roles:Role rolebindings:RoleBinding",
    cluster: "clusterroles:ClusterRole clusterrolebindings:ClusterRoleBinding",
  },
  "storage.k8s.io/v1": { namespaced: "", cluster: "storageclasses:StorageClass csidrivers:CSIDriver" },
  "scheduling.k8s.io/v1": { namespaced: "", cluster: "priorityclasses:PriorityClass" },
  "apiextensions.k8s.io/v1": {
    namespaced: "",
    cluster: "customresourcedefinitions:CustomResourceDefinition",
  },
  "apiregistration.k8s.io/v1": { namespaced: "", cluster: "apiservices:APIService" },
  "admissionregistration.k8s.io/v1": {
    namespaced: "",
    cluster:
      "validatingadmissionpolicies:ValidatingAdmissionPolicy validatingadmissionpolicybindings:ValidatingAdmissionPolicyBinding " +
      "mutatingwebhookconfigurations:MutatingWebhookConfiguration validatingwebhookconfigurations:ValidatingWebhookConfiguration",
  },
  "discovery.k8s.io/v1": { namespaced: "endpointslices:EndpointSlice" },
  "coordination.k8s.io/v1": { namespaced: "leases:Lease" },
};

function baseOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function find(list: string, kind: string): string | undefined {
  const entry = list.split(" ").find((item) => item.endsWith(`:${kind}`));
  return entry?.slice(0, entry.indexOf(":"));
}

/** A kind that every server has, or undefined. */
export function knownKind(apiVersion: string, kind: string): Kind | undefined {
  const lists = known[apiVersion];
  if (lists === undefined) return undefined;
  const base = baseOf(apiVersion);
  const namespaced = find(lists.namespaced, kind);
  if (namespaced !== undefined) return { base, plural: namespaced, namespaced: true };
  const cluster = find(lists.cluster ?? "", kind);
  return cluster === undefined ? undefined : { base, plural: cluster, namespaced: false };
}

/** Finds kinds, and remembers what the server said about each group and version. */
export class Kinds {
  private readonly lists = new Map<string, Promise<ReadonlyMap<string, Kind>>>();

  public constructor(private readonly client: KubeClient) {}

  /**
   * The kind's place in the API.
   * @throws NoSuchKind if the server doesn't know it; it is asked anew each time, as a definition may appear
   */
  public async get(apiVersion: string, kind: string): Promise<Kind> {
    const builtIn = knownKind(apiVersion, kind);
    if (builtIn !== undefined) return builtIn;
    let list = this.lists.get(apiVersion);
    if (list === undefined) {
      list = this.ask(apiVersion);
      this.lists.set(apiVersion, list);
      list.catch(() => this.lists.delete(apiVersion));
    }
    const found = (await list).get(kind);
    if (found === undefined) {
      this.lists.delete(apiVersion);
      throw new NoSuchKind(apiVersion, kind);
    }
    return found;
  }

  private async ask(apiVersion: string): Promise<ReadonlyMap<string, Kind>> {
    const base = baseOf(apiVersion);
    const kinds = new Map<string, Kind>();
    try {
      for (const resource of objectsAt(await this.client.request("GET", base), "resources")) {
        const plural = asText(resource["name"]);
        if (plural.includes("/")) continue;
        kinds.set(asText(resource["kind"]), { base, plural, namespaced: resource["namespaced"] === true });
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
    return kinds;
  }
}

/** The path of a kind's collection, or of one object in it. */
export function pathOf(kind: Kind, namespace: string, name?: string): string {
  const scope = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
  return `${kind.base}${scope}/${kind.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

/** Any object, as the API server gives it. */
export interface Exportable {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
  };
  readonly [field: string]: unknown;
}

/** A kind of object that lives in namespaces, as discovery names it. */
export interface NamespacedKind {
  /** Where its collections are, e.g. `/apis/apps/v1`. */
  readonly root: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Its name in a path, e.g. `deployments`. */
  readonly plural: string;
}

interface DiscoveredResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Kinds that the cluster makes itself, from what is exported or while it runs. */
const made = new Set([
  "Event",
  "Endpoints",
  "EndpointSlice",
  "Lease",
  "ControllerRevision",
  "PodMetrics",
  "HelmChart",
]);

/** The kinds of one API group's version that are worth exporting. */
export function exportableKinds(
  root: string,
  groupVersion: string,
  resources: readonly DiscoveredResource[],
): NamespacedKind[] {
  return resources
    .filter(
      ({ name, kind, namespaced, verbs }) =>
        namespaced &&
        !name.includes("/") &&
        !made.has(kind) &&
        ["list", "create"].every((verb) => verbs.includes(verb)),
    )
    .map(({ name, kind }) => ({ root, apiVersion: groupVersion, kind, plural: name }));
}

/** Objects that every namespace has without anybody's doing. */
function isGiven({ kind, metadata }: Exportable): boolean {
  return (
    (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt") ||
    (kind === "ServiceAccount" && metadata.name === "default")
  );
}

/** Whether another object made it, and would make it again. */
function isOwned({ metadata }: Exportable): boolean {
  const owners = metadata["ownerReferences"];
  return Array.isArray(owners) && owners.length > 0;
}

/** Whether an object tells something that nothing else in the export does. */
export function isExported(object: Exportable): boolean {
  return !isGiven(object) && !isOwned(object);
}

interface ManagedFields {
  readonly manager?: string;
  readonly fieldsV1?: { readonly "f:spec"?: { readonly "f:suspend"?: object } };
}

/** Whether a field manager, and nobody else before it, has stopped what an object of Flux's does. */
export function isStoppedBy(manager: string, { metadata }: Exportable): boolean {
  const fields = (metadata["managedFields"] ?? []) as readonly ManagedFields[];
  return fields.some(
    (each) => each.manager === manager && each.fieldsV1?.["f:spec"]?.["f:suspend"] !== undefined,
  );
}

const keptMetadata = ["name", "namespace", "labels", "annotations"];
/** What `kubectl apply` writes: the whole object once more, and of a Secret its values, which nobody would encrypt there. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** An object without what the cluster has added: what somebody would write to make it again. */
export function withoutTraces(object: Exportable): Exportable {
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([field]) => keptMetadata.includes(field)),
  );
  if (metadata["annotations"] !== undefined) {
    const annotations = Object.entries(metadata["annotations"] as Readonly<Record<string, string>>);
    metadata["annotations"] = Object.fromEntries(annotations.filter(([key]) => key !== lastApplied));
  }
  const rest = Object.fromEntries(Object.entries(object).filter(([field]) => field !== "status"));
  return { ...rest, metadata } as unknown as Exportable;
}

/** The file of an export that holds an object, with its kind as `kubectl get -o name` has it: two groups may have one of the same name. */
export function fileOf({ apiVersion, kind, metadata }: Exportable): string {
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
  return `manifests/${metadata.namespace ?? ""}/${kind.toLowerCase()}${group}-${metadata.name}.yaml`;
}

/** A volume claim, and where its data is. */
export interface VolumeEntry {
  readonly namespace: string;
  readonly claim: string;
  readonly volume: string;
  readonly storageClass: string;
  readonly size: string;
}

interface ClaimSpec {
  readonly volumeName?: string;
  readonly storageClassName?: string;
  readonly resources?: { readonly requests?: { readonly storage?: string } };
}

/** What the list of volumes says of a PersistentVolumeClaim: the data itself isn't exported. */
export function volumeEntry(claim: Exportable): VolumeEntry {
  const spec = claim["spec"] as ClaimSpec | undefined;
  return {
    namespace: claim.metadata.namespace ?? "",
    claim: claim.metadata.name,
    volume: spec?.volumeName ?? "",
    storageClass: spec?.storageClassName ?? "",
    size: spec?.resources?.requests?.storage ?? "",
  };
}

/** A Kustomization of Flux's, as far as handing over looks at it. */
export interface KustomizationObject {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly path: string };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    /** Ids are `<namespace>_<name>_<group>_<kind>`. */
    readonly inventory?: { readonly entries?: readonly { readonly id: string }[] };
  };
}

/** Something that Argo CD has applied, as it says itself. */
export interface AppliedObject {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** An Application of Argo CD's, as far as handing over looks at it. */
export interface ApplicationObject {
  /** What it has been told to do and hasn't done yet. */
  readonly operation?: object;
  readonly status?: {
    readonly sync?: { readonly status: string };
    readonly operationState?: { readonly phase: string; readonly message?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly resources?: readonly AppliedObject[];
  };
}

/** Any object, with who holds which of its fields. */
export interface ManagedObject {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager: string }[];
  };
}

/** Whether a Kustomization has applied nothing but Secrets, which stay with it whichever engine applies the rest. */
export function staysWithFlux({ status }: KustomizationObject): boolean {
  return (status?.inventory?.entries ?? []).every(({ id }) => id.endsWith("__Secret"));
}

/** Whether a Kustomization has applied what it asks for now. */
export function isReady({ metadata, status }: KustomizationObject): boolean {
  return (
    status?.observedGeneration === metadata.generation &&
    status.conditions?.find(({ type }) => type === "Ready")?.status === "True"
  );
}

/** Why it hasn't. */
export function readyFault(kustomization: KustomizationObject | undefined): string {
  const condition = kustomization?.status?.conditions?.find(({ type }) => type === "Ready");
  return condition?.message ?? "it says nothing";
}

/** Whether the cluster is as the repository says, by Argo CD's hand. */
export function isApplied({ operation, status }: ApplicationObject): boolean {
  return (
    operation === undefined &&
    status?.sync?.status === "Synced" &&
    status.operationState?.phase === "Succeeded"
  );
}

/** Why it isn't. */
export function applicationFault(application: ApplicationObject | undefined): string {
  const { conditions = [], operationState } = application?.status ?? {};
  const errors = conditions.filter(({ type }) => type.endsWith("Error")).map(({ message }) => message);
  return [...errors, operationState?.message].find((message) => message !== undefined) ?? "it says nothing";
}

/** Labels by which kustomize-controller knows what it has applied. */
const fluxLabels = ["kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace"];

/**
 * The change by which a field manager holds nothing of an object any more, with Flux's labels gone; `undefined` if there is nothing to
 * change. It is refused if somebody else changes the object meanwhile.
 */
export function releasedFrom({ metadata }: ManagedObject, manager: string): object | undefined {
  const { resourceVersion, managedFields = [], labels = {} } = metadata;
  const kept = managedFields.filter((each) => each.manager !== manager);
  if (kept.length === managedFields.length) return undefined;
  const marks = fluxLabels.filter((label) => label in labels);
  return {
    metadata: {
      resourceVersion,
      managedFields: kept,
      ...(marks.length === 0 ? {} : { labels: Object.fromEntries(marks.map((label) => [label, null])) }),
    },
  };
}

import type { PropertyMap } from "./values";

/** One reason why inputs can't be accepted. */
export interface CheckFailure {
  /** path of the property that is wrong; empty for the resource as a whole */
  readonly property?: string;
  readonly reason: string;
}

export interface CheckConfigRequest {
  readonly urn: string;
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
}

export interface CheckRequest extends CheckConfigRequest {
  /** the resource's logical name */
  readonly name: string;
  readonly type: string;
  /** 32 random bytes that are the same in preview and update; names are derived from them */
  readonly randomSeed: Uint8Array;
  /** the engine's wish for generated names, if a project configured one */
  readonly autonaming:
    { readonly proposedName: string; readonly mode: "propose" | "enforce" | "disable" } | undefined;
}

export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest {
  readonly id: string;
  readonly urn: string;
  readonly type: string;
  /** what the last create, read or update returned */
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;
  readonly ignoreChanges: readonly string[];
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffResult {
  readonly changes: "none" | "some" | "unknown";
  /** paths whose change needs a new object */
  readonly replaces?: readonly string[];
  /** the properties that differ */
  readonly diffs?: readonly string[];
  /** outputs that an update won't change */
  readonly stables?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** by path; `inputDiff` says that the paths are those of the inputs */
  readonly detailedDiff?: Readonly<Record<string, { readonly kind: DiffKind; readonly inputDiff?: boolean }>>;
}

export interface ConfigureRequest {
  readonly args: PropertyMap;
  /** settings as text, by name with the package's prefix (`kubernetes:config:namespace`) */
  readonly variables: Readonly<Record<string, string>>;
}

export interface CreateRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: PropertyMap;
  /** seconds; 0: none given */
  readonly timeout: number;
  readonly preview: boolean;
}

export interface ReadRequest {
  readonly id: string;
  readonly urn: string;
  readonly type: string;
  /** what is known of the object; empty for an import or a `.get()` */
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

export interface ReadResult {
  /** empty: the object is gone */
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

export interface UpdateRequest {
  readonly id: string;
  readonly urn: string;
  readonly type: string;
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;
  readonly timeout: number;
  readonly preview: boolean;
  readonly ignoreChanges: readonly string[];
}

export interface DeleteRequest {
  readonly id: string;
  readonly urn: string;
  readonly type: string;
  readonly properties: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly timeout: number;
}

export interface InvokeRequest {
  readonly token: string;
  readonly args: PropertyMap;
  readonly preview: boolean;
}

export interface InvokeResult {
  readonly return: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

export interface ConstructRequest {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: PropertyMap;
  readonly monitorEndpoint: string;
  readonly dryRun: boolean;
  /** provider references by package, to be handed on to children */
  readonly providers: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

export interface ConstructResult {
  readonly urn: string;
  readonly state: PropertyMap;
}

export type Severity = "debug" | "info" | "warning" | "error";

/** What the engine offers to a provider. */
export interface EngineHost {
  /**
   * Shows a message beside a resource.
   * @param options.ephemeral the message is a progress text that the next one replaces
   */
  log(
    severity: Severity,
    message: string,
    options?: { readonly urn?: string; readonly ephemeral?: boolean },
  ): void;
}

/**
 * A Pulumi resource provider. A method may throw: an Error fails the step with its message, a ResourceInitError keeps
 * the object. What is left out answers as a provider without that ability.
 */
export interface ResourceProvider {
  readonly version: string;
  getSchema?(): Promise<string>;
  checkConfig?(request: CheckConfigRequest): Promise<CheckResult>;
  diffConfig?(request: DiffRequest): Promise<DiffResult>;
  configure?(request: ConfigureRequest): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<{ readonly id: string; readonly properties: PropertyMap }>;
  read(request: ReadRequest): Promise<ReadResult>;
  update(request: UpdateRequest): Promise<PropertyMap>;
  delete(request: DeleteRequest): Promise<void>;
  invoke?(request: InvokeRequest): Promise<InvokeResult>;
  construct?(request: ConstructRequest): Promise<ConstructResult>;
  /** the engine wants running operations to end soon; they should fail or return what they have */
  cancel?(): void;
}

/** The object exists, but did not become what was asked for: the engine keeps it, with the reasons. */
export class ResourceInitError extends Error {
  public constructor(
    message: string,
    public readonly partial: ReadResult & { readonly reasons: readonly string[] },
  ) {
    super(message);
    this.name = "ResourceInitError";
  }
}

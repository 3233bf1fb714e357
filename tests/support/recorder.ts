import * as pulumi from "@pulumi/pulumi";

/** A resource that the program under test asked for. */
export interface Recorded {
  /** Type token. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Inputs; a secret one is still wrapped, see {@link Recorder.isSecret}. */
  readonly inputs: any;
  readonly provider: string | undefined;
  readonly custom: boolean;
  /** Logical name of what it is a part of. */
  readonly parent: string | undefined;
  /** Logical names of what it waits for: by `dependsOn`, where a component stands for its parts, or by an input. */
  readonly dependsOn: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Paths of the inputs of which another value means another resource, whatever the provider says. */
  readonly replaceOnChanges: readonly string[];
  /** Logical name of that with which it ends. */
  readonly deletedWith: string | undefined;
  /** Names of outputs that are secret whatever the provider says. */
  readonly secretOutputs: readonly string[];
  /** What an older program called it: type token and logical name, with a space between; empty where that was the same. */
  readonly aliases: readonly string[];
}

/** What a provider would answer. */
export interface Answers {
  /** Outputs of a new resource, beside its inputs. */
  readonly outputs?: (resource: Recorded) => Record<string, unknown>;
  /** The answer to a function's call. By default every call fails the test. */
  readonly call?: (token: string, inputs: Record<string, unknown>) => Record<string, unknown>;
}

/** What a program asked of the engine. */
export interface Recorder {
  readonly resources: readonly Recorded[];
  ofType(type: string): readonly Recorded[];
  /** @throws unless there is exactly one of that logical name. */
  byName(name: string): Recorded;
  /** Whether an input was handed over as a secret. */
  isSecret(input: unknown): boolean;
  /** An input without the secret's wrapping. */
  plain(input: unknown): unknown;
  /** Waits until every resource that the program asked for is there. */
  settled(): Promise<void>;
}

/** Options of {@link recorder}. */
export interface RecorderOptions extends Answers {
  /** @default "test" */
  readonly stack?: string;
  /** Whether outputs that a provider computes stay unknown. @default false */
  readonly preview?: boolean;
}

/** What is looked at of a request to the engine. */
interface Request {
  getParent(): string;
  getDependenciesList(): readonly string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getReplaceonchangesList(): readonly string[];
  getDeletedwith(): string;
  getAdditionalsecretoutputsList(): readonly string[];
  getAliasesList(): readonly { getSpec(): { getType(): string; getName(): string } | undefined }[];
}

/** What Pulumi's mocks are told beside what they pass on. */
interface Monitor {
  registerResource(request: Request, answer: unknown): unknown;
}

function optionsIn(
  request: Request | undefined,
): Omit<Recorded, "type" | "name" | "inputs" | "provider" | "custom"> {
  return {
    parent: nameIn(request?.getParent()),
    dependsOn: (request?.getDependenciesList() ?? []).flatMap((urn) => nameIn(urn) ?? []),
    protect: request?.getProtect() ?? false,
    retainOnDelete: request?.getRetainondelete() ?? false,
    replaceOnChanges: request?.getReplaceonchangesList() ?? [],
    deletedWith: nameIn(request?.getDeletedwith()),
    secretOutputs: request?.getAdditionalsecretoutputsList() ?? [],
    aliases: (request?.getAliasesList() ?? []).map((alias) => {
      const former = alias.getSpec();
      return `${former?.getType() ?? ""} ${former?.getName() ?? ""}`;
    }),
  };
}

/** The logical name at the end of a URN. */
function nameIn(urn: string | undefined): string | undefined {
  return urn === undefined || urn === "" ? undefined : urn.split("::").at(-1);
}

/** Puts mocks in the engine's place and records what is asked of them. Call it anew for each test. */
export function recorder(options: RecorderOptions = {}): Recorder {
  const resources: Recorded[] = [];
  let request: Request | undefined;
  void pulumi.runtime.setMocks(
    {
      newResource(args) {
        const recorded: Recorded = {
          type: args.type,
          name: args.name,
          inputs: args.inputs as unknown,
          provider: args.provider === "" ? undefined : args.provider,
          custom: args.custom ?? false,
          ...optionsIn(request),
        };
        request = undefined;
        resources.push(recorded);
        const outputs = options.outputs?.(recorded) ?? {};
        return { id: `${args.name}-id`, state: { ...args.inputs, ...outputs } as Record<string, unknown> };
      },
      call(args) {
        if (!options.call)
          throw new Error(`unexpected call of ${args.token}: give the recorder an answer to it`);
        return options.call(args.token, args.inputs as Record<string, unknown>);
      },
    },
    "terp",
    options.stack ?? "test",
    options.preview ?? false,
  );
  // The mocks pass on none of a resource's options.
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (asked, answer) => {
    request = asked;
    return register(asked, answer);
  };
  return {
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    byName(name) {
      const found = resources.filter((resource) => resource.name === name);
      const [only] = found;
      if (only === undefined || found.length > 1) {
        const names = resources.map((resource) => resource.name).join(", ");
        throw new Error(
          `expected one resource named ${name}, got ${String(found.length)}; there are: ${names}`,
        );
      }
      return only;
    },
    isSecret: (input) => pulumi.runtime.isRpcSecret(input),
    plain: (input) => pulumi.runtime.unwrapRpcSecret(input) as unknown,
    settled: async () => {
      await pulumi.runtime.disconnect();
    },
  };
}

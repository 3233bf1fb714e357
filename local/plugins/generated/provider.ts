import type * as protocol from "../server/provider";
import { equal, hasUnknown, revealed, revealedMap, unknown, type PropertyMap } from "../server/values";
import { DiagnosticError } from "./diagnostic";
import { checkFailure, type Kind } from "./kind";
import { checkTypes } from "./types";

/** What a provider of generated things is made of. */
export interface GeneratedOptions {
  /** The version it reports: that of the official plugin it stands in for. */
  readonly version: string;
  /** The kinds by type token. */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** Functions by token. @default none */
  readonly functions?: Readonly<Record<string, (inputs: PropertyMap) => PropertyMap>>;
  readonly host: protocol.EngineHost;
}

/** A provider whose objects live in the state alone. */
export class GeneratedProvider implements protocol.ResourceProvider {
  public readonly version: string;

  public constructor(private readonly options: GeneratedOptions) {
    this.version = options.version;
  }

  public check({ type, name, news, urn }: protocol.CheckRequest): Promise<protocol.CheckResult> {
    const kind = this.kind(type);
    for (const [key, { deprecated }] of Object.entries(kind.properties)) {
      if (deprecated !== undefined && news[key] !== undefined) {
        this.options.host.log("warning", `[WARNING] property "${key}" is deprecated: ${deprecated}`, { urn });
      }
    }
    checkTypes(kind, news);
    const failures = [...missing(kind, news), ...(kind.validate?.(revealedMap(news)) ?? [])];
    return Promise.resolve({
      inputs: news,
      failures: failures.map((invalid) => checkFailure(name, invalid)),
    });
  }

  public diff({ type, olds, news }: protocol.DiffRequest): Promise<protocol.DiffResult> {
    const kind = this.kind(type);
    const wanted = complete(kind, news);
    const known = revealedMap(wanted);
    const changed = Object.keys(kind.properties).filter((key) => !same(known[key], olds[key]));
    const aged = kind.age?.(olds, known);
    const matured = Object.entries(aged?.outputs ?? {}).filter(([key, value]) => !same(value, olds[key]));
    const replaces = [
      ...changed.filter((key) => !kind.properties[key]?.updatable),
      ...(aged?.replaces ?? []),
    ];
    const diffs = new Set([...changed, ...matured.map(([key]) => key), ...replaces]);
    if (replaces.length > 0) for (const key of kind.renewed ?? []) diffs.add(key);
    return Promise.resolve({ changes: diffs.size > 0 ? "some" : "none", diffs: [...diffs], replaces });
  }

  public async create({ type, urn, properties, preview }: protocol.CreateRequest) {
    const kind = this.kind(type);
    const inputs = complete(kind, properties);
    if (!hasUnknown(properties)) kind.refuse?.(revealedMap(inputs));
    if (preview) {
      const computed = Object.fromEntries(kind.computed.map((key) => [key, unknown]));
      return { id: "", properties: { ...inputs, ...computed } };
    }
    const { id, outputs } = await kind.make(revealedMap(inputs)).catch((error: unknown) => {
      if (error instanceof DiagnosticError) this.options.host.log("error", error.shown, { urn });
      throw error;
    });
    return { id, properties: { ...inputs, ...outputs, ...meta(kind) } };
  }

  public async read({ type, id, properties, inputs }: protocol.ReadRequest): Promise<protocol.ReadResult> {
    const kind = this.kind(type);
    if (Object.keys(properties).length > 0) {
      const aged = kind.age?.(properties, revealedMap(complete(kind, inputs)));
      return { id, inputs, properties: { ...properties, ...aged?.outputs } };
    }
    if (!kind.adopt) {
      throw new Error(
        `${type} can't be imported: it has no form outside the state. Create a new one instead`,
      );
    }
    const adopted = await kind.adopt(id);
    const state = { ...complete(kind, adopted.inputs), ...adopted.outputs, ...meta(kind) };
    return { id: adopted.id, inputs: adopted.inputs, properties: state };
  }

  public update({ type, olds, news }: protocol.UpdateRequest): Promise<PropertyMap> {
    const kind = this.kind(type);
    const inputs = complete(kind, news);
    const kept = Object.entries(olds).filter(([key]) => !(key in kind.properties));
    const aged = kind.age?.(olds, revealedMap(inputs));
    return Promise.resolve({ ...Object.fromEntries(kept), ...inputs, ...aged?.outputs });
  }

  /** Nothing but the state holds the object, so nothing is to be done. */
  public delete(): Promise<void> {
    return Promise.resolve();
  }

  public invoke({ token, args }: protocol.InvokeRequest): Promise<protocol.InvokeResult> {
    const call = this.options.functions?.[token];
    if (!call) throw new Error(`there is no function ${token} in this stand-in plugin`);
    return Promise.resolve({ return: call(revealedMap(args)) });
  }

  private kind(type: string): Kind {
    const kind = this.options.kinds[type];
    if (!kind) {
      const kinds = Object.keys(this.options.kinds).map((token) => token.split(":").pop());
      throw new Error(
        `${type}: this stand-in plugin doesn't have that kind, only ${kinds.join(", ")}; install the official plugin`,
      );
    }
    return kind;
  }
}

function complete(kind: Kind, inputs: PropertyMap): PropertyMap {
  const result: PropertyMap = {};
  for (const [key, property] of Object.entries(kind.properties)) {
    const value = inputs[key] ?? property.default;
    if (value !== undefined && value !== null) result[key] = value;
  }
  return kind.complete?.(result) ?? result;
}

/** Secrecy of an input is no part of its value. */
function same(a: PropertyMap[string] | undefined, b: PropertyMap[string] | undefined): boolean {
  return equal(a === undefined ? undefined : revealed(a), b === undefined ? undefined : revealed(b));
}

function missing(kind: Kind, inputs: PropertyMap) {
  const absent = (kind.required ?? []).filter((key) => inputs[key] === undefined || inputs[key] === null);
  return absent.map((property) => ({
    property,
    text: `Missing required argument. The argument "${property}" is required, but no definition was found`,
  }));
}

function meta(kind: Kind): PropertyMap {
  if (kind.schemaVersion === undefined) return {};
  return { __meta: JSON.stringify({ schema_version: kind.schemaVersion }) };
}

import type { PropertyMap, PropertyValue } from "../server/values";
import { hasSecret, isMap, revealedMap, Secret, secret } from "../server/values";
import type { JsonObject, KubeObject } from "./objects";
import { isJsonObject, textAt } from "./objects";

/** Outputs of our own beside the object's fields. */
export const inputsKey = "__inputs";
export const initialApiVersionKey = "__initialApiVersion";
export const fieldManagerKey = "__fieldManager";

/**
 * A resource's outputs: the live object, and what was asked for. What is secret in the inputs is secret in the outputs, and
 * so is every Secret's content.
 */
export function outputsOf(options: {
  readonly live: JsonObject;
  /** the resource's checked inputs, secrets wrapped */
  readonly inputs: Readonly<PropertyMap>;
  readonly initialApiVersion: string;
  readonly fieldManager: string;
}): PropertyMap {
  const { live, inputs } = options;
  return {
    ...(markSecrets(live, inputs) as PropertyMap),
    ...(isSecretKind(live) ? secretContent(live) : {}),
    [inputsKey]: { ...inputs },
    [initialApiVersionKey]: options.initialApiVersion,
    [fieldManagerKey]: options.fieldManager,
  };
}

/** What a resource's outputs say about it. */
export interface Checkpoint {
  /** the inputs of the last create, update or refresh, without secret wrappers */
  readonly inputs: PropertyMap;
  /** the object as it was then */
  readonly live: JsonObject;
  readonly initialApiVersion: string | undefined;
  readonly fieldManager: string | undefined;
}

/** Takes a resource's outputs apart. */
export function checkpointOf(outputs: Readonly<PropertyMap>): Checkpoint {
  const clear = revealedMap(outputs);
  const inputs = clear[inputsKey];
  const initialApiVersion = clear[initialApiVersionKey];
  const fieldManager = clear[fieldManagerKey];
  const live: JsonObject = {};
  for (const [key, value] of Object.entries(clear as JsonObject))
    if (!key.startsWith("__")) live[key] = value;
  return {
    inputs: isMap(inputs) ? inputs : {},
    live,
    initialApiVersion: typeof initialApiVersion === "string" ? initialApiVersion : undefined,
    fieldManager: typeof fieldManager === "string" ? fieldManager : undefined,
  };
}

/** Whether an object is a core Secret. */
export function isSecretKind(object: Readonly<JsonObject>): boolean {
  return object["kind"] === "Secret" && object["apiVersion"] === "v1";
}

/** The value with a Secret wrapper wherever the pattern has one. */
export function markSecrets(value: PropertyValue, pattern: PropertyValue | undefined): PropertyValue {
  if (pattern === undefined || !hasSecret(pattern)) return value;
  if (pattern instanceof Secret) return secret(value);
  if (isMap(value) && isMap(pattern)) {
    const marked: PropertyMap = {};
    for (const [key, item] of Object.entries(value)) marked[key] = markSecrets(item, pattern[key]);
    return marked;
  }
  if (Array.isArray(value) && Array.isArray(pattern)) {
    return value.map((item, index) => markSecrets(item, pattern[index]));
  }
  // The server gave the value another shape: better all of it secret than a part of it shown.
  return secret(value);
}

function secretContent(live: JsonObject): PropertyMap {
  const content: PropertyMap = {};
  for (const key of ["data", "stringData"]) {
    const value = live[key];
    if (value !== undefined) content[key] = secret(value);
  }
  return content;
}

/** The parts of a live object that the inputs speak of: what the inputs would be to get this object. */
export function pruned(live: JsonObject, inputs: Readonly<PropertyMap>): PropertyMap {
  return prunedValue(live, inputs) as PropertyMap;
}

function prunedValue(live: PropertyValue, pattern: PropertyValue): PropertyValue {
  if (isMap(live) && isMap(pattern)) {
    const kept: PropertyMap = {};
    for (const [key, item] of Object.entries(pattern)) {
      const value = live[key];
      if (value !== undefined) kept[key] = prunedValue(value, item);
    }
    return kept;
  }
  if (Array.isArray(live) && Array.isArray(pattern)) {
    // The server appends elements of its own (a Pod's volumes, a Service's ports have none): only plain values count there.
    const length = live.some((item) => isMap(item)) ? Math.min(live.length, pattern.length) : live.length;
    return live.slice(0, length).map((item, index) => {
      const shape = pattern[index];
      return shape === undefined ? item : prunedValue(item, shape);
    });
  }
  return live;
}

const serverMetadata = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** The inputs that would make an object that isn't ours yet: what kubectl applied, or all that isn't the server's. */
export function importedInputs(live: KubeObject): PropertyMap {
  const applied = textAt(live, "metadata", "annotations", lastApplied);
  if (applied !== undefined) {
    const parsed: unknown = JSON.parse(applied);
    if (isJsonObject(parsed)) return withoutEmptyAnnotations(parsed);
  }
  const inputs: PropertyMap = {};
  for (const [key, value] of Object.entries(live)) if (key !== "status") inputs[key] = value;
  const metadata: PropertyMap = {};
  for (const [key, value] of Object.entries(live.metadata))
    if (!serverMetadata.has(key)) metadata[key] = value;
  return { ...inputs, metadata };
}

function withoutEmptyAnnotations(object: JsonObject): PropertyMap {
  const metadata = object["metadata"];
  if (!isJsonObject(metadata)) return object;
  const annotations = metadata["annotations"];
  if (!isJsonObject(annotations) || Object.keys(annotations).length > 0) return object;
  const rest = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "annotations"));
  return { ...object, metadata: rest };
}

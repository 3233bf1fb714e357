import {
  equal,
  hasSecret,
  isMap,
  revealed,
  secret,
  unknown,
  type PropertyMap,
  type PropertyValue,
} from "../server/values";
import { madeUpName } from "./naming";
import type { ResourcePath } from "./paths";
import type { Kind, Sdk } from "./sdk";

/** What every Azure resource has beside its `properties`. */
const envelope = new Set([
  "etag",
  "extendedLocation",
  "id",
  "identity",
  "kind",
  "location",
  "managedBy",
  "name",
  "plan",
  "properties",
  "sku",
  "systemData",
  "tags",
  "type",
  "zones",
]);

/** Outputs that no change in place alters, so that a preview knows them. */
const stable = ["name", "location"];

/**
 * Outputs as far as a preview knows them: inputs are what they will be, anything that Azure adds isn't known, also deep inside.
 *
 * @param before the outputs that an update begins with.
 */
export function previewOutputs(
  { sdk, kind }: { readonly sdk: Sdk; readonly kind: Kind },
  inputs: PropertyMap,
  before: PropertyMap = {},
): PropertyMap {
  const outputs: PropertyMap = {};
  for (const [name, type] of kind.outputs) outputs[name] = expected(sdk, inputs[name], type);
  for (const name of stable) {
    const value = before[name];
    if (value !== undefined) outputs[name] = value;
  }
  return outputs;
}

/** A value with what Azure will add to it. */
function expected(sdk: Sdk, value: PropertyValue | undefined, type: string): PropertyValue {
  if (value === undefined || value === null) return unknown;
  if (Array.isArray(value)) return value.map((item) => expected(sdk, item, type));
  const fields = isMap(value) ? sdk.fieldsOf(type) : undefined;
  if (!isMap(value) || fields === undefined) return value;
  const entries = [...fields].map(([name, each]) => [name, expected(sdk, value[name], each)] as const);
  return Object.fromEntries(entries);
}

/** The body of a request: what isn't in the id, with everything below `properties` that isn't the same for all resources. */
export function bodyOf(kind: Kind, location: ResourcePath, inputs: PropertyMap): PropertyMap {
  const body: PropertyMap = {};
  const properties: PropertyMap = {};
  const ownProperties = kind.inputs.includes("properties");
  for (const [name, value] of Object.entries(inputs)) {
    if (name === madeUpName || name === "azureApiVersion") continue;
    if (location.parameters.includes(name) && !kind.outputs.has(name)) continue;
    if (envelope.has(name) || ownProperties) body[name] = value;
    else properties[name] = value;
  }
  return ownProperties ? body : { ...body, properties };
}

/** The outputs in an answer, marked as secret where the inputs are. */
export function outputsIn(kind: Kind, body: PropertyMap, inputs: PropertyMap): PropertyMap {
  const { properties } = body;
  const flat = kind.outputs.has("properties") || !isMap(properties) ? body : { ...properties, ...body };
  const outputs: PropertyMap = {};
  for (const name of kind.outputs.keys()) {
    const value = flat[name];
    if (value === undefined) continue;
    outputs[name] = hasSecret(inputs[name] ?? null) ? secret(value) : value;
  }
  return kind.apiVersion === undefined ? outputs : { ...outputs, azureApiVersion: kind.apiVersion };
}

/** Inputs after a refresh: what differs in Azure between two looks is taken over, and what Azure fills in by itself is not. */
export function driftedInputs(
  inputs: PropertyMap,
  before: PropertyMap,
  after: PropertyMap,
  names: readonly string[],
): PropertyMap {
  const result = { ...inputs };
  for (const name of names) {
    const next = drifted(inputs[name], before[name], after[name]);
    if (next === undefined) Reflect.deleteProperty(result, name);
    else result[name] = next;
  }
  return result;
}

function drifted(
  input: PropertyValue | undefined,
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
): PropertyValue | undefined {
  if (equal(revealed(before ?? null), revealed(after ?? null))) return input;
  if (isMap(input) && isMap(before) && isMap(after)) {
    const names = new Set([...Object.keys(input), ...Object.keys(before), ...Object.keys(after)]);
    return driftedInputs(input, before, after, [...names]);
  }
  return after;
}

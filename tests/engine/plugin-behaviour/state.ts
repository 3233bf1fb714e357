import { nameOf } from "./events";
import { normalise, normaliseText, stringsIn, type Surroundings } from "./normalise";
import type { Json, JsonObject, StateRecord } from "./types";

/** A resource of `pulumi stack export --show-secrets`. */
export interface ExportedResource extends JsonObject {
  urn: string;
  type: string;
}

const kept = [
  ...["protect", "retainOnDelete", "external", "delete", "pendingReplacement", "initErrors", "importID"],
  "additionalSecretOutputs",
];

/** Around what, and how much of it, a resource of the state is recorded. */
export interface RecordStateOptions extends Surroundings {
  /** Whether the step changed the resource: only then are its inputs and outputs recorded. */
  readonly changed: boolean;
}

/** Makes a resource of the state comparable. */
export function recordState(resource: ExportedResource, options: RecordStateOptions): StateRecord {
  const generated = /^(random|tls):/.test(resource.type);
  const known = generated ? stringsIn(resource["inputs"]) : new Set<string>();
  const plain = (value: Json | undefined, key?: string): Json =>
    normalise(value ?? null, { ...options, generated, known }, key);
  const id = typeof resource["id"] === "string" ? resource["id"] : "";
  const record: StateRecord = {
    name: nameOf(resource.urn),
    type: resource.type,
    id: generated ? plain(id, "id") : normaliseText(id, options),
  };
  for (const key of kept) {
    const value = resource[key];
    if (isSaid(value)) record[key] = plain(value, key);
  }
  if (!options.changed) return record;
  for (const key of ["inputs", "outputs"])
    if (resource[key] !== undefined) record[key] = plain(resource[key]);
  const drawn = drawnValue(resource, id);
  const outputs = record["outputs"] as JsonObject | undefined;
  if (drawn && outputs) {
    outputs[drawn.key] = drawn.value;
    if (drawn.key !== "results") outputs["id"] = record["id"] = drawn.value;
  }
  return record;
}

function isSaid(value: Json | undefined): boolean {
  return Boolean(value) && !(Array.isArray(value) && value.length === 0);
}

/** Random values whose form isn't that of a text. */
function drawnValue(resource: ExportedResource, id: string): { key: string; value: string } | undefined {
  const outputs = (resource["outputs"] ?? {}) as JsonObject;
  const results = outputs["results"];
  switch (resource.type.split(":").pop()) {
    case "RandomInteger":
      return { key: "result", value: "<integer>" };
    case "RandomShuffle":
      return { key: "results", value: `<${String(Array.isArray(results) ? results.length : 0)} items>` };
    case "RandomPet":
      return { key: "id", value: `<${JSON.stringify(outputs["length"])} words>` };
    case "RandomId":
      return { key: "id", value: `<base64url length ${String(id.length)}>` };
    default:
      return undefined;
  }
}

import { randomBytes } from "node:crypto";
import type { JsonObject, KubeObject } from "./objects";
import { annotationOf, isAnnotated, isJsonObject, objectsAt } from "./objects";

/** The manager under which objects are created by a plain POST. */
export const creator = "pulumi-kubernetes";

/** The server-side apply manager: what the object's annotation asks for, what the state remembers, or a new one. */
export function fieldManagerOf(object: JsonObject, remembered?: string): string {
  return (
    annotationOf(object, "pulumi.com/patchFieldManager") ??
    remembered ??
    `${creator}-${randomBytes(4).toString("hex")}`
  );
}

/** Whether conflicts with other managers are to be won by force. */
export function forces(object: JsonObject, providerForces: boolean): boolean {
  return (
    isAnnotated(object, "pulumi.com/patchForce") ||
    (providerForces && !annotationOf(object, "pulumi.com/patchForce"))
  );
}

function isPlainUpdate(entry: JsonObject): boolean {
  return entry["operation"] === "Update" && (entry["subresource"] ?? "") === "";
}

/** Whether the object is still owned by the manager that created it, so that we have never applied it. */
export function isUnmigrated(live: KubeObject): boolean {
  return objectsAt(live.metadata, "managedFields").some(
    (entry) => isPlainUpdate(entry) && entry["manager"] === creator,
  );
}

/**
 * The object's managed fields with every Update manager's fields (subresources aside) given to one apply manager, so that
 * what we stop sending is removed.
 * @returns undefined if there is nothing to move
 */
export function migratedFields(live: KubeObject, manager: string): JsonObject[] | undefined {
  const entries = objectsAt(live.metadata, "managedFields");
  const moved = entries.filter(isPlainUpdate);
  if (moved.length === 0) return undefined;
  const ours = entries.find((entry) => entry["manager"] === manager && entry["operation"] === "Apply");
  const base = ours ?? moved[0] ?? {};
  let fields = base["fieldsV1"];
  for (const entry of moved) fields = union(fields, entry["fieldsV1"]);
  const merged: JsonObject = { ...base, manager, operation: "Apply", fieldsV1: fields ?? {} };
  return [...entries.filter((entry) => entry !== ours && !moved.includes(entry)), merged];
}

function union(a: JsonObject[string] | undefined, b: JsonObject[string] | undefined): JsonObject {
  const result: JsonObject = isJsonObject(a) ? { ...a } : {};
  if (!isJsonObject(b)) return result;
  for (const [key, value] of Object.entries(b)) result[key] = union(result[key], value);
  return result;
}

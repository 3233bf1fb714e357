import type { PropertyMap } from "../server/values";
import { hasUnknown, revealedMap } from "../server/values";

/** JSON, as the Kubernetes API speaks it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A Kubernetes object, as far as every kind has it. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: JsonObject;
}

/** Whether a value is a JSON object (not a list, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The value at a path of keys and list indexes.
 * @returns undefined if a step of the path isn't there
 */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === "number") current = current[step];
    else if (isJsonObject(current)) current = current[String(step)];
    else return undefined;
  }
  return current;
}

/** The text at a path, or undefined if there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The number at a path, or undefined if there is none. */
export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The list of objects at a path; empty if there is none. */
export function objectsAt(value: Json | undefined, ...path: readonly (string | number)[]): JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** The object's name, or the empty text. */
export function nameOf(object: JsonObject): string {
  return textAt(object, "metadata", "name") ?? "";
}

/** The object's namespace, or the empty text. */
export function namespaceOf(object: JsonObject): string {
  return textAt(object, "metadata", "namespace") ?? "";
}

/** `namespace/name`, or `name` for what has no namespace: the resource's id. */
export function fullName(object: JsonObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** An annotation's text, or undefined. */
export function annotationOf(object: JsonObject, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}

/** Whether an annotation says "true". */
export function isAnnotated(object: JsonObject, name: string): boolean {
  return annotationOf(object, name)?.toLowerCase() === "true";
}

/** The clear Kubernetes object in a resource's properties, or undefined while a part of it is unknown. */
export function clearObject(properties: Readonly<PropertyMap>): KubeObject | undefined {
  if (hasUnknown(properties)) return undefined;
  const clear = revealedMap(properties) as JsonObject;
  return {
    ...clear,
    apiVersion: textAt(clear, "apiVersion") ?? "",
    kind: textAt(clear, "kind") ?? "",
    metadata: isJsonObject(clear["metadata"]) ? clear["metadata"] : {},
  };
}

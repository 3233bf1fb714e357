import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PropertyMap, PropertyValue } from "../../server/values";
import { revealed, revealedMap, asText } from "../../server/values";
import { objectsIn } from "../helm/facts";
import type { JsonObject } from "../objects";
import { isJsonObject, nameOf, namespaceOf, textAt } from "../objects";

/** The objects that a ConfigGroup's, ConfigFile's or Directory's inputs describe. Relative files are the program's. */
export function describedObjects(inputs: Readonly<PropertyMap>): JsonObject[] {
  const clear = revealedMap(inputs);
  const texts = [
    ...listOf(clear["yaml"]),
    ...[...listOf(clear["file"]), ...listOf(clear["files"])]
      .flatMap(filesLike)
      .map((file) => readFileSync(file, "utf8")),
  ];
  const objects = Array.isArray(clear["objs"])
    ? clear["objs"]
    : clear["objs"] === undefined
      ? []
      : [clear["objs"]];
  return [
    ...texts.flatMap(objectsIn),
    ...objects.filter((object): object is JsonObject => isJsonObject(object)),
  ];
}

function listOf(value: PropertyValue | undefined): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === "string");
}

/** The files that a pattern with `*` and `?` in its last part stands for; a plain name stands for itself. */
function filesLike(pattern: string): string[] {
  const last = basename(pattern);
  if (!/[*?]/.test(last)) return [pattern];
  const source = last
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const matching = new RegExp(`^${source}$`);
  return readdirSync(dirname(pattern))
    .filter((file) => matching.test(file))
    .sort()
    .map((file) => join(dirname(pattern), file));
}

/** The type token of an object: `kubernetes:core/v1:ConfigMap`. */
export function typeOf(object: JsonObject): string {
  const apiVersion = textAt(object, "apiVersion") ?? "";
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${textAt(object, "kind") ?? ""}`;
}

/** The logical name of an object in a component: `prefix:namespace/name`. */
export function logicalName(prefix: string, object: JsonObject): string {
  const namespace = namespaceOf(object);
  return `${prefix}:${namespace === "" ? "" : `${namespace}/`}${nameOf(object)}`;
}

/** The object with pulumi.com/skipAwait, where the component asks for it. */
export function withSkipAwait(object: JsonObject, skipAwait: boolean): JsonObject {
  if (!skipAwait) return object;
  const metadata = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  const annotations = isJsonObject(metadata["annotations"]) ? metadata["annotations"] : {};
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...annotations, "pulumi.com/skipAwait": "true" } },
  };
}

/** Groups that have to be there before the next: definitions of kinds, namespaces, all else. */
export function inOrder(objects: readonly JsonObject[]): JsonObject[][] {
  const rank = (object: JsonObject) =>
    ["CustomResourceDefinition", "Namespace"].indexOf(asText(object["kind"]));
  const groups: JsonObject[][] = [[], [], []];
  for (const object of objects) (groups[rank(object) < 0 ? 2 : rank(object)] ?? []).push(object);
  return groups.filter((group) => group.length > 0);
}

/** A text input, or undefined. */
export function textInput(inputs: Readonly<PropertyMap>, name: string): string | undefined {
  const value = revealed(inputs[name] ?? null);
  return typeof value === "string" && value !== "" ? value : undefined;
}

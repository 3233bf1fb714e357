import { parseAllDocuments } from "yaml";
import type { PropertyMap } from "../../server/values";
import { asText } from "../../server/values";
import type { JsonObject } from "../objects";
import { isJsonObject, nameOf, namespaceOf, numberAt, objectsAt, textAt } from "../objects";

/** The objects in a manifest of several YAML documents; lists are taken apart. */
export function objectsIn(manifest: string): JsonObject[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const object: unknown = document.toJS();
    if (!isJsonObject(object)) return [];
    return asText(object["kind"]).endsWith("List") && Array.isArray(object["items"])
      ? objectsAt(object, "items")
      : [object];
  });
}

/** A release's objects by kind: `{ "Deployment.apps/apps/v1": ["web"] }`. Names in other namespaces bear theirs. */
export function resourceNamesOf(manifest: string, namespace: string): PropertyMap {
  const names: Record<string, string[]> = {};
  for (const object of objectsIn(manifest)) {
    const apiVersion = textAt(object, "apiVersion") ?? "";
    const group = apiVersion.includes("/") ? `.${apiVersion.slice(0, apiVersion.indexOf("/"))}` : "";
    const key = `${textAt(object, "kind") ?? ""}${group}/${apiVersion}`;
    const elsewhere = namespaceOf(object);
    const prefix = elsewhere === "" || elsewhere === namespace ? "" : `${elsewhere}/`;
    (names[key] ??= []).push(prefix + nameOf(object));
  }
  return names;
}

/** The output `status` of a release, from what `helm get metadata --output json` printed. */
export function statusOf(release: JsonObject): PropertyMap {
  return {
    appVersion: textAt(release, "appVersion") ?? "",
    chart: textAt(release, "chart") ?? "",
    name: textAt(release, "name") ?? "",
    namespace: textAt(release, "namespace") ?? "",
    revision: numberAt(release, "revision") ?? 0,
    status: textAt(release, "status") ?? "",
    version: textAt(release, "version") ?? "",
  };
}

/** The number of the newest revision that failed, in what `helm history --output json` printed; undefined if none did. */
export function failedRevision(history: JsonObject[]): number | undefined {
  const failed = history.filter((entry) => entry["status"] === "failed");
  return failed.length === 0
    ? undefined
    : Math.max(...failed.map((entry) => numberAt(entry, "revision") ?? 0));
}

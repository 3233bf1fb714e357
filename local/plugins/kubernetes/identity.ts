import type { PropertyMap } from "../server/values";
import { isMap } from "../server/values";
import type { KubeObject } from "./objects";

/** The apiVersion and kind in a type token: `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:Secret`. */
export function kindOfType(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, group = "", kind = ""] = type.split(":");
  return { apiVersion: group.startsWith("core/") ? group.slice("core/".length) : group, kind };
}

/** Whether a resource owns only some fields of an object that belongs to another (`kubernetes:core/v1:ConfigMapPatch`). */
export function isPatchType(type: string, kind: string): boolean {
  const name = kindOfType(type).kind;
  return name.endsWith("Patch") && (kind === "" || name === `${kind}Patch`);
}

/** The object a resource's id and type speak of: `namespace/name` or `name`. */
export function objectOf(type: string, id: string, known: Readonly<PropertyMap>): KubeObject {
  const fromType = kindOfType(type);
  const slash = id.indexOf("/");
  const metadata: KubeObject["metadata"] = { name: id.slice(slash + 1) };
  if (slash >= 0) metadata["namespace"] = id.slice(0, slash);
  const [apiVersion, kind] = [known["apiVersion"], known["kind"]];
  const annotations = isMap(known["metadata"]) ? known["metadata"]["annotations"] : undefined;
  if (isMap(annotations)) metadata["annotations"] = annotations as KubeObject["metadata"];
  return {
    apiVersion: typeof apiVersion === "string" && apiVersion !== "" ? apiVersion : fromType.apiVersion,
    kind: typeof kind === "string" && kind !== "" ? kind : fromType.kind.replace(/Patch$/, ""),
    metadata,
  };
}

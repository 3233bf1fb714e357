import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { PropertyMap } from "../server/values";
import { revealedMap } from "../server/values";
import { outputsOf } from "./checkpoint";
import { fieldManagerOf } from "./fieldManagers";
import { clearObject, fullName, nameOf, namespaceOf } from "./objects";
import type { KubeObject } from "./objects";

/** Where an object's manifest lies: definitions of kinds come first when the folders are applied in order. */
export function manifestPath(directory: string, object: KubeObject): string {
  const folder = object.kind === "CustomResourceDefinition" ? "0-crd" : "1-manifest";
  const parts = [object.apiVersion.replaceAll("/", "_"), object.kind, namespaceOf(object), nameOf(object)];
  return join(
    directory,
    folder,
    `${parts
      .filter((part) => part !== "")
      .join("-")
      .toLowerCase()}.yaml`,
  );
}

/**
 * Writes an object's manifest in place of applying it.
 * @returns the resource's id and outputs
 */
export function renderResource(
  directory: string,
  properties: Readonly<PropertyMap>,
  onProgress: (text: string) => void,
): { id: string; properties: PropertyMap } {
  const object = clearObject(properties);
  if (object === undefined) throw new Error("a manifest can't be rendered while parts of it are unknown");
  for (const folder of ["0-crd", "1-manifest"])
    mkdirSync(join(directory, folder), { recursive: true, mode: 0o700 });
  const file = manifestPath(directory, object);
  // It may hold a Secret's content, and must not be half there for whoever watches the folder.
  writeFileSync(`${file}.new`, stringify(revealedMap(properties)), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  onProgress(`rendered ${file}`);
  const outputs = outputsOf({
    live: object,
    inputs: properties,
    initialApiVersion: object.apiVersion,
    fieldManager: fieldManagerOf(object),
  });
  return { id: fullName(object), properties: outputs };
}

/** Removes an object's manifest. */
export function unrenderResource(
  directory: string,
  object: KubeObject,
  onProgress: (text: string) => void,
): void {
  const file = manifestPath(directory, object);
  rmSync(file, { force: true });
  onProgress(`deleted ${file}`);
}

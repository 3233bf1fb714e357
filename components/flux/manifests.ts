import { readFileSync } from "node:fs";

import { parseAllDocuments } from "yaml";

import type { Manifest } from "../manifest";
import { ownWorkloads, type FluxImages } from "./workloads";

/** Where Flux's manifests come from. */
export type FluxManifestSource =
  /** The release's own `install.yaml`, downloaded to a file. */
  | { readonly kind: "release"; readonly file: string; readonly version: string }
  /** CRDs made from the modules' API types, in a file, and workloads of ours. */
  | { readonly kind: "own"; readonly crdFile: string; readonly images: FluxImages; readonly version: string };

/**
 * The objects of a YAML text with one or more documents.
 *
 * @param text The YAML.
 * @param origin Where it comes from, for the message.
 * @throws if a document isn't YAML, or isn't a Kubernetes object.
 */
export function parseManifests(text: string, origin: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document, index) => {
    const place = `${origin}, document ${String(index + 1)}`;
    if (document.errors.length > 0)
      throw new Error(`${place}: not YAML: ${document.errors[0]?.message ?? ""}`);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    if (!isManifest(value)) {
      throw new Error(`${place}: expected a Kubernetes object with apiVersion, kind and metadata.name`);
    }
    return [value];
  });
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    typeof metadata === "object" &&
    metadata !== null &&
    typeof (metadata as Record<string, unknown>)["name"] === "string"
  );
}

/**
 * The set of manifests a source stands for, not yet locked down.
 *
 * @throws if the file can't be read or holds something else.
 */
export function fluxManifests(source: FluxManifestSource): Manifest[] {
  switch (source.kind) {
    case "release":
      return parseManifests(readFileSync(source.file, "utf8"), source.file);
    case "own":
      return [
        ...parseManifests(readFileSync(source.crdFile, "utf8"), source.crdFile),
        ...ownWorkloads(source.images),
      ];
  }
}

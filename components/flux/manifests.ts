import { readFileSync } from "node:fs";

import { parseManifests, type Manifest } from "../manifest";
import { ownWorkloads, type FluxImages } from "./workloads";

/** Where Flux's manifests come from. */
export type FluxManifestSource =
  /** The release's own `install.yaml`, downloaded to a file. */
  | { readonly kind: "release"; readonly file: string; readonly version: string }
  /** CRDs made from the modules' API types, in a file, and workloads of ours. */
  | { readonly kind: "own"; readonly crdFile: string; readonly images: FluxImages; readonly version: string };

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

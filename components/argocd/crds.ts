import { readFileSync } from "node:fs";

import { parseManifests, type Manifest } from "../manifest";
import { withoutDescriptions } from "../withoutDescriptions";

/** Argo CD's definitions: a file of a release's, or the cluster has them already. */
export type ArgocdCrds = { readonly kind: "file"; readonly file: string } | { readonly kind: "installed" };

/** Its controllers don't start without any one of them. */
const plurals = ["applications", "applicationsets", "appprojects"];

/**
 * The definitions to install, without their descriptions, which each run would read and write.
 *
 * @throws if the file can't be read or lacks one of them.
 */
export function argocdCrds(source: ArgocdCrds): Manifest[] {
  if (source.kind === "installed") return [];
  const found = parseManifests(readFileSync(source.file, "utf8"), source.file);
  return plurals.map((plural) => {
    const name = `${plural}.argoproj.io`;
    const manifest = found.find(
      (one) => one.kind === "CustomResourceDefinition" && one.metadata.name === name,
    );
    if (manifest === undefined) {
      throw new Error(
        `${source.file}: no CustomResourceDefinition "${name}" among ${String(found.length)} objects; ` +
          `give the whole install.yaml of a release of Argo CD's`,
      );
    }
    return withoutDescriptions(manifest);
  });
}

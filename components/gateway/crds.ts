import { readFileSync } from "node:fs";

import { parseManifests, type Manifest } from "../manifest";
import { withoutDescriptions } from "../withoutDescriptions";

/** The Gateway API's definitions: a file with those of a release's standard channel, or the cluster has them already. */
export type GatewayCrds = { readonly kind: "file"; readonly file: string } | { readonly kind: "installed" };

/** Kinds that are used, or that Traefik looks at before it serves anything. */
const plurals = [
  "gatewayclasses",
  "gateways",
  "httproutes",
  "grpcroutes",
  "tlsroutes",
  "referencegrants",
  "backendtlspolicies",
];

/**
 * The definitions to install, without their descriptions: those are most of a megabyte, which each run would read and write.
 *
 * @throws if the file can't be read or lacks one of them.
 */
export function gatewayCrds(source: GatewayCrds): Manifest[] {
  if (source.kind === "installed") return [];
  const found = parseManifests(readFileSync(source.file, "utf8"), source.file);
  return plurals.map((plural) => {
    const name = `${plural}.gateway.networking.k8s.io`;
    const manifest = found.find(
      (one) => one.kind === "CustomResourceDefinition" && one.metadata.name === name,
    );
    if (manifest === undefined) {
      throw new Error(
        `${source.file}: no CustomResourceDefinition "${name}" among ${String(found.length)} objects; ` +
          `give the whole standard-install.yaml of a release from v1.5.0 on`,
      );
    }
    return withoutDescriptions(manifest);
  });
}

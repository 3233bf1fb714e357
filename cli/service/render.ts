import { parseDocument, stringify, YAMLSeq } from "yaml";

import { chartSource, serviceRelease } from "../../components/service/fluxRelease";
import type { Manifest } from "../../components/manifest";
import { environmentFolder } from "../../components/tenant/scaffold";
import type { ReadService } from "./read";

/** The first line of every file that is rendered: by it one is known that may be removed again. */
export const renderedMark = "# Rendered from services/ by `terp service render`: change the file there.\n";

/** The folder that an environment's services are rendered into. */
export const renderedFolder = (environment: string): string => `${environmentFolder(environment)}/services`;

/**
 * What Flux applies, made from the files of services: for each environment a folder with a HelmRelease for each service, and the
 * sources of their charts. Depends on nothing but the files, so that a change of one is reviewed with what comes of it.
 *
 * @returns texts by their path in the repository.
 */
export function renderedFiles(services: readonly ReadService[]): Readonly<Record<string, string>> {
  const environments = [...new Set(services.map(({ environment }) => environment))].sort();
  return Object.fromEntries(
    environments.flatMap((environment) => {
      const folder = renderedFolder(environment);
      const own = services
        .filter((each) => each.environment === environment)
        .map(({ service }) => service)
        .sort((one, other) => (one.service.name < other.service.name ? -1 : 1));
      const sources = new Map<string, Manifest>();
      for (const source of own.map(chartSource))
        sources.set(`${String(source.metadata.namespace)}/${source.metadata.name}`, source);
      const names = own.map(({ service }) => `release-${service.name}.yaml`);
      const kustomization = {
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources: ["chart-sources.yaml", ...names],
      };
      return [
        [`${folder}/kustomization.yaml`, rendered(kustomization)],
        [`${folder}/chart-sources.yaml`, rendered(...sources.values())],
        ...own.map(
          (each) => [`${folder}/release-${each.service.name}.yaml`, rendered(serviceRelease(each))] as const,
        ),
      ] as const;
    }),
  );
}

function rendered(...objects: readonly object[]): string {
  return renderedMark + objects.map((object) => stringify(object)).join("---\n");
}

/**
 * An environment's `kustomization.yaml` that applies the folder of its services too; the same text if it does already.
 *
 * Its comments and its order stay.
 */
export function withServices(kustomization: string): string {
  const document = parseDocument(kustomization);
  const resources = document.get("resources");
  if (resources instanceof YAMLSeq) {
    if (resources.toJSON().some((each) => /^(\.\/)?services\/?$/.test(String(each)))) return kustomization;
    resources.add("services");
  } else document.set("resources", ["services"]);
  return document.toString({ lineWidth: 0 });
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { namespaceOf } from "../../components/service/service";
import { environmentFolder } from "../../components/tenant/scaffold";
import type { Fault } from "../../infra/fault";
import type { ReadService } from "./read";
import { renderingChanges, servicesIn } from "./repository";

/** What a check found. */
export interface ServicesCheck {
  /** How many services there are. */
  readonly services: number;
  readonly faults: readonly Fault[];
}

/** How a repository's services are checked. */
export interface CheckOptions {
  /** Whose repository it is. Default: whosever its first service is. */
  readonly tenant?: string | undefined;
  /** Whether Argo CD makes them from their files, so that nothing has to be rendered. Default false. */
  readonly isArgo?: boolean;
}

/** Everything that is wrong with the services in a clone of a tenant's repository. Changes nothing. */
export function checkServices(root: string, { tenant, isArgo = false }: CheckOptions = {}): ServicesCheck {
  const { services, faults } = servicesIn(root, tenant);
  const all = [...faults, ...(isArgo ? [] : services.flatMap((each) => namespaceFaults(root, each)))];
  // What comes of files with faults can't be told.
  if (all.length > 0 || isArgo) return { services: services.length, faults: all };
  const stale = renderingChanges(root, services).map(({ path, text }) => ({
    path,
    given: text === undefined ? "a file of a service that is gone" : "not what the services' files say",
    expected: "what `terp service render` makes of them",
    remedy: "type: terp service render, and commit what it changes",
  }));
  return { services: services.length, faults: stale };
}

/** An environment's folder may move all that it applies into one namespace. */
function namespaceFaults(root: string, { path, environment, service }: ReadService): Fault[] {
  const file = join(root, environmentFolder(environment), "kustomization.yaml");
  if (!existsSync(file)) return [];
  const { namespace } = (parse(readFileSync(file, "utf8")) ?? {}) as { readonly namespace?: string };
  if (namespace === undefined || namespace === namespaceOf(service)) return [];
  return [
    {
      path: `${path}: service.namespace`,
      given: `${service.service.namespace}, which is ${namespaceOf(service)}`,
      expected: `${namespace}: ${environmentFolder(environment)}/kustomization.yaml moves everything there`,
      remedy: "name that namespace, or take the field namespace out of kustomization.yaml",
    },
  ];
}

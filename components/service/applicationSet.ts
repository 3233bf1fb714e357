import type { Input } from "@pulumi/pulumi";

import { namespaceName } from "../tenant/names";
import { servicesFolder } from "./service";

/** Whose services an ApplicationSet makes, and from where. */
export interface ServiceApplicationsArgs {
  /** The tenant, whose AppProject has its name and bounds what they may be. */
  readonly tenant: string;
  /** The stack's name. */
  readonly environment: string;
  /** The repository with their files, and the branch that counts. */
  readonly repository: { readonly url: Input<string>; readonly branch: string };
  /** How often the repository is asked for its newest commit, in seconds. */
  readonly everySeconds: number;
  /** How and when each is applied: an Application's `syncPolicy`. */
  readonly syncPolicy: object;
  /** Whether what they applied stays when they go. @default false */
  readonly keepsObjects?: boolean;
}

/** The file's values with its image, as `chartValues` says it for Flux: a text of JSON, which is YAML too. */
const values =
  `{{ $image := mustMergeOverwrite (dict) (dig "image" (dict) (dig "values" (dict) .)) .image }}` +
  `{{ mustMergeOverwrite (dict) (dig "values" (dict) .) (dict "image" $image) | toJson }}`;

/**
 * The `spec` of what has Argo CD make every service of a tenant's from the files in a repository.
 *
 * Nothing that says whose a service is comes from a file: the project is written out, and an Application's name and its namespace's
 * begin with the tenant's. No tenant's name has a dot, so no file can name another Application than its tenant's. A file's texts take
 * the place of whole fields, or of the end of one: none can become a field of its own. What is left to a file the AppProject bounds.
 *
 * https://argo-cd.readthedocs.io/en/release-3.2/operator-manual/applicationset/Generators-Git/
 */
export function serviceApplications(args: ServiceApplicationsArgs): object {
  const { tenant, environment, repository, everySeconds, syncPolicy, keepsObjects = false } = args;
  return {
    goTemplate: true,
    goTemplateOptions: ["missingkey=error"],
    generators: [
      {
        git: {
          repoURL: repository.url,
          revision: repository.branch,
          requeueAfterSeconds: everySeconds,
          files: [{ path: `${servicesFolder(environment)}/*.yaml` }],
        },
      },
    ],
    syncPolicy: { preserveResourcesOnDeletion: keepsObjects },
    template: {
      metadata: { name: `${tenant}.{{ .service.name }}` },
      spec: {
        project: tenant,
        destination: {
          name: "{{ .cluster }}",
          namespace: namespaceName(tenant, "{{ .service.namespace }}"),
        },
        source: {
          repoURL: "{{ .chart.url }}",
          targetRevision: "{{ .chart.revision }}",
          path: "{{ .chart.path }}",
          helm: { releaseName: "{{ .service.name }}", values },
        },
        syncPolicy,
      },
    },
  };
}

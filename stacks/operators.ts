import type * as pulumi from "@pulumi/pulumi";

import { OperatorsApplications } from "../components/argocd/operators";
import { operatorsFolder, operatorsScaffold } from "../components/argocd/operatorsScaffold";
import type { Argocd } from "../components/argocd/argocd";
import { operatorsProject, repositoryAccessSecret } from "../components/argocd/names";
import { defaultBranch } from "../components/git/names";
import type { MadeRepository, Repositories } from "../components/git/repositories";
import { StarterFolder } from "../components/git/starterFolder";
import { argocdRepositorySecret } from "../components/tenant/argocdRepositorySecret";
import { codeOwners, codeOwnersFile } from "../components/tenant/codeOwners";
import { managedKinds } from "../components/tenant/managedKinds";
import type { PlatformConfig } from "../infra/config";

/** What {@link operatorsApplications} is made of. */
export interface OperatorsArgs {
  readonly config: PlatformConfig;
  readonly repositories: Repositories;
  /** The platform repository. */
  readonly repository: MadeRepository;
  /** Absent where Flux is the only engine. */
  readonly argocd: Argocd | undefined;
  /** How soon what failed is tried again, e.g. `3s`. */
  readonly retry: string;
}

/** What operators have applied from the platform repository, and what they start from there; nothing without Argo CD. */
export function operatorsApplications(
  { config, repositories, repository, argocd, retry }: OperatorsArgs,
  options: Omit<pulumi.ComponentResourceOptions, "dependsOn"> & {
    readonly dependsOn: readonly pulumi.Resource[];
  },
): OperatorsApplications | undefined {
  if (argocd === undefined) return undefined;
  const { environment, gitops } = config;
  const place = repositories.places.platform;
  const url = repositories.sshUrlOf(place);
  const begun = new StarterFolder(
    "operators-applications",
    {
      access: repositories.access,
      ...place,
      repositoryId: repository.repositoryId,
      folder: operatorsFolder(environment),
      files: {
        ...operatorsScaffold(environment, url, defaultBranch),
        [codeOwnersFile]: codeOwners(gitops.codeOwners, repositories.kind),
      },
    },
    { dependsOn: [...repository.ready], transformations: options.transformations ?? [] },
  );
  return new OperatorsApplications(
    "operators-applications",
    {
      environment,
      repository: url,
      branch: defaultBranch,
      path: operatorsFolder(environment),
      retry,
      kinds: managedKinds,
      access: (within) =>
        argocdRepositorySecret(
          {
            owner: { environment, role: "platform" },
            name: repositoryAccessSecret(operatorsProject),
            project: operatorsProject,
            repository,
          },
          within,
        ),
    },
    { ...options, dependsOn: [...options.dependsOn, ...argocd.ready, begun] },
  );
}

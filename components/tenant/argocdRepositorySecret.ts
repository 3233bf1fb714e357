import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { argocdNamespace } from "../argocd/names";
import { opensshPrivateKey } from "../git/opensshKey";
import type { ReadableRepository } from "../git/repositories";
import { logicalName, metadata, type Ownership } from "../metadata";

/** What {@link argocdRepositorySecret} is for. */
export interface ArgocdRepositorySecretArgs {
  readonly owner: Ownership;
  readonly name: string;
  /** The AppProject that may read the repository; no other does. */
  readonly project: string;
  readonly repository: Pick<ReadableRepository, "sshUrl" | "privateKey">;
}

/** Makes the Secret by which Argo CD reads a repository, for one project. */
export function argocdRepositorySecret(
  { owner, name, project, repository }: ArgocdRepositorySecretArgs,
  options: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  return new kubernetes.core.v1.Secret(
    logicalName("Secret", name, argocdNamespace),
    {
      // Argo CD finds it by this label.
      metadata: metadata(owner, {
        name,
        namespace: argocdNamespace,
        labels: { "argocd.argoproj.io/secret-type": "repository" },
      }),
      stringData: {
        type: "git",
        url: repository.sshUrl,
        project,
        // Argo CD's git asks OpenSSH.
        sshPrivateKey: pulumi.secret(pulumi.output(repository.privateKey).apply(opensshPrivateKey)),
      },
    },
    options,
  );
}

/** Messages that more than one operation shows. They are the official plugin's, so that advice found for it applies. */

export const alreadyExistsHelp = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

export const skippedUnreachable =
  "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...";

export const unreachableDelete =
  "configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource from Pulumi " +
  'state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

export const unreachableDropped =
  "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. Deleting the unreachable " +
  "resource from Pulumi state";

export const unreachableKept =
  "configured Kubernetes cluster is unreachable and the `skipUnreachable` option is enabled. Returned data could not " +
  "reflect the actual cluster configuration.";

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What a cluster gives the rest of the program, whatever made it. */
export interface ClusterHandle {
  /** Identifies the cluster: another name means another cluster, and everything in it anew. */
  readonly name: string;
  /** An administrator's. A secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The one provider for everything in this cluster: pass it as `providers` to components. */
  readonly provider: kubernetes.Provider;
  /** With what the cluster ends: absent where the stack doesn't end it, or where something outside would be left behind. */
  readonly endsWith?: pulumi.Resource;
}

/**
 * A cluster's provider, the same for every kind of cluster.
 *
 * @param name see {@link ClusterHandle.name}.
 * @param kubeconfig its content.
 */
export function clusterProvider(
  name: string,
  kubeconfig: pulumi.Output<string>,
  options?: pulumi.ResourceOptions,
): kubernetes.Provider {
  return new kubernetes.Provider(
    name,
    {
      kubeconfig,
      // Another kubeconfig, as after a renewal of certificates, is no other cluster.
      clusterIdentifier: name,
      // Else a changed ConfigMap or Secret would be deleted and made anew.
      enableConfigMapMutable: true,
      enableSecretMutable: true,
      // After a lost state, what is there is taken over.
      upsertExistingObjects: true,
    },
    options,
  );
}

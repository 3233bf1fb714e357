import { RunError } from "@pulumi/pulumi/errors";

import type { OidcConfig } from "../config";
import type { ExistingCluster } from "../config/existingSection";
import { describeFaults } from "../fault";
import { examine } from "./examine";
import { withContext } from "./existing";
import { accessFrom, KubeApi, KubeApiError } from "./kubeApi";
import { shortcomings } from "./requirements";

/**
 * Looks at a cluster of somebody else's before anything is made in it, in previews as well. Changes nothing.
 *
 * @param cluster which one.
 * @param kubeconfig its kubeconfig's text.
 * @param oidc the identity provider by which people are to log in; none if they aren't.
 * @throws RunError with all that the cluster lacks, or why it can't be asked.
 */
export async function checkUpFront(
  cluster: ExistingCluster,
  kubeconfig: string,
  oidc: OidcConfig | undefined,
): Promise<void> {
  const { context } = cluster.kubeconfig;
  const access = accessFrom(context === undefined ? kubeconfig : withContext(kubeconfig, context));
  const api = new KubeApi(access);
  try {
    const faults = shortcomings(await examine(api), {
      kubernetesVersion: cluster.kubernetesVersion,
      deployers: cluster.deployers,
      accept: cluster.accept,
      hasLogin: oidc !== undefined,
    });
    if (faults.length > 0) {
      throw new RunError(
        `the cluster "${cluster.name}" lacks what the platform needs, and nothing was done:\n\n${describeFaults(faults)}\n`,
      );
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(
      `cluster.kubeconfig: ${access.server} ${whyNotAsked(error)}; expected a cluster that answers from here, to the kubeconfig's credentials`,
    );
  } finally {
    await api.close();
  }
}

function whyNotAsked(error: unknown): string {
  if (error instanceof KubeApiError)
    return error.status === 401 ? "doesn't know the credentials" : `refused: ${error.message}`;
  const { message, cause } = error as Error;
  return `can't be reached (${cause instanceof Error ? cause.message : message})`;
}

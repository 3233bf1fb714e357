import { RunError } from "@pulumi/pulumi/errors";

import type { OidcConfig } from "../config";
import type { ExistingCluster } from "../config/existingSection";
import { describeFaults, type Fault } from "../fault";
import { examine } from "./examine";
import { withContext } from "./existing";
import { accessFrom, KubeApi, KubeApiError } from "./kubeApi";
import { provePolicies, type Patience } from "./policyProof";
import { shortcomings } from "./requirements";

/** How a cluster is looked at. */
export interface Look {
  /** The identity provider by which people are to log in; none if they aren't. */
  readonly oidc?: OidcConfig | undefined;
  /** Whether this is a preview, which makes nothing in any cluster. */
  readonly isPreview: boolean;
  /** See {@link provePolicies}. */
  readonly patience?: Patience;
}

/**
 * Looks at a cluster of somebody else's before anything is made in it, in previews as well. Changes nothing, but where the settings ask
 * for packets: those need pods, for as long as they are under way.
 *
 * @param cluster which one.
 * @param kubeconfig its kubeconfig's text.
 * @throws RunError with all that the cluster lacks, or why it can't be asked.
 */
export async function checkUpFront(cluster: ExistingCluster, kubeconfig: string, look: Look): Promise<void> {
  const { context } = cluster.kubeconfig;
  const access = accessFrom(context === undefined ? kubeconfig : withContext(kubeconfig, context));
  const api = new KubeApi(access);
  try {
    const faults = await faultsOf(api, cluster, look);
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

async function faultsOf(api: KubeApi, cluster: ExistingCluster, look: Look): Promise<readonly Fault[]> {
  const { kubernetesVersion, deployers, accept } = cluster;
  const byPackets = cluster.policyCheck === "packets" && !accept.includes("network-policy");
  const readers = look.isPreview ? cluster.readers : { groups: [], users: [] };
  const wanted = { kubernetesVersion, deployers, readers, hasLogin: look.oidc !== undefined };
  const facts = await examine(api, readers);
  const others = shortcomings(facts, {
    ...wanted,
    accept: byPackets ? [...accept, "network-policy"] : accept,
  });
  // No pod for a cluster that is refused anyway.
  if (others.length > 0 || !byPackets || look.isPreview) return others;
  return shortcomings({ ...facts, packets: await provePolicies(api, look.patience) }, { ...wanted, accept });
}

function whyNotAsked(error: unknown): string {
  if (error instanceof KubeApiError)
    return error.status === 401 ? "doesn't know the credentials" : `refused: ${error.message}`;
  const { message, cause } = error as Error;
  return `can't be reached (${cause instanceof Error ? cause.message : message})`;
}

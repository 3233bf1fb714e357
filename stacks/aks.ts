import type * as pulumi from "@pulumi/pulumi";

import { privateCaKeyName } from "../components/certificates/names";
import { AzureFoundation, azureProvider } from "../infra/azure/foundation";
import type { Workload } from "../infra/azure/workloads";
import { AksCluster } from "../infra/cluster/aks";
import type { ClusterHandle } from "../infra/cluster/handle";
import type { AksCluster as AksConfig } from "../infra/config/aksSection";
import type { AzureConfig } from "../infra/config/azureSection";
import { platformKeyName } from "../infra/keys/store";

/** What people and services need to know of an environment's foundation in Azure. Nothing of it is secret. */
export interface AzureFacts {
  /** The address with which everything in the network goes out. */
  readonly outgoingAddress: pulumi.Output<string>;
  /** What the parent domain has to name in its NS record. Absent where the environment has no zone. */
  readonly nameServers?: pulumi.Output<readonly string[]>;
  /** Name of the group with the DNS zone. Absent where the environment has no zone. */
  readonly dnsGroup?: pulumi.Output<string>;
  readonly logs: BlobPlace;
  readonly backups: BlobPlace;
  /** Client ids of services' identities, for their service accounts' annotation `azure.workload.identity/client-id`. */
  readonly clientIds: Readonly<Partial<Record<Workload, pulumi.Output<string>>>>;
}

/** Where blobs are. */
export interface BlobPlace {
  readonly account: pulumi.Output<string>;
  readonly container: pulumi.Output<string>;
}

/** A cluster of AKS, and what is known of its foundation. */
export interface AksOnFoundation {
  readonly handle: ClusterHandle;
  readonly facts: AzureFacts;
  /** See {@link AzureFoundation.letBreakGlassRead}. */
  readonly letBreakGlassRead: (keys: readonly string[]) => void;
}

/** A cluster of AKS with the foundation that it stands on. */
export function aksOnFoundation(
  environment: string,
  cluster: AksConfig,
  azure: AzureConfig,
): AksOnFoundation {
  const options = { providers: [azureProvider(azure)] };
  const ranges = cluster.api.kind === "public" ? cluster.api.ranges : [];
  const keys = [platformKeyName, privateCaKeyName];
  const foundation = new AzureFoundation("azure", { environment, azure, ranges, keys }, options);
  const { handle } = new AksCluster("aks", { cluster, azure, foundation }, options);
  const { dns, logs, backups, network, identities } = foundation;
  return {
    handle,
    letBreakGlassRead: (more) => {
      foundation.letBreakGlassRead(more);
    },
    facts: {
      outgoingAddress: network.outgoingAddress,
      ...(dns && { nameServers: dns.nameServers, dnsGroup: dns.groupName }),
      logs: { account: logs.accountName, container: logs.containerName },
      backups: { account: backups.accountName, container: backups.containerName },
      clientIds: Object.fromEntries(
        Object.entries(identities).map(([workload, identity]) => [workload, identity.clientId]),
      ),
    },
  };
}

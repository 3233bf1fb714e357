import * as pulumi from "@pulumi/pulumi";

import type { LogStorage } from "../components/logs/lokiConfiguration";
import { azureNames, logsContainer } from "../infra/azure/names";
import type { AzureDns, PlatformConfig, Route53Dns } from "../infra/config";
import type { AzureConfig } from "../infra/config/azureSection";
import type { LogsConfig } from "../infra/config/logsSection";
import type { PlatformCluster } from "./cluster";
import type { AzureFacts } from "./aks";

/** Whose DNS zones are written, and by whom. */
export type WrittenDns = Route53Dns | AzureZones;

/** Zones of Azure DNS, of somebody's or of this stack. */
export type AzureZones = Pick<AzureDns, "kind" | "zones" | "tenant" | "subscription"> & {
  readonly resourceGroup: pulumi.Input<string>;
  /** Client ids of managed identities that may write the zones' records. */
  readonly identities: {
    readonly records: pulumi.Input<string>;
    readonly certificates?: pulumi.Input<string> | undefined;
  };
};

/** What of a cluster tells whether the stack made stores for it. */
type OnFoundation = Pick<PlatformCluster, "azure">;

/** Where lines are kept: where the settings say `own`, what this stack made for it. Loki comes after its container. */
export function logStorage(
  { storage }: LogsConfig,
  config: PlatformConfig,
  cluster: OnFoundation,
): LogStorage {
  if (storage.kind !== "own") return storage;
  const { azure, facts } = foundation("logs.storage.kind", config, cluster);
  const { logs, clientIds } = facts;
  return {
    kind: "azure-blob",
    account: azureNames(azure, config.environment).logsAccount,
    container: logsContainer,
    clientId: pulumi
      .all([clientIds.loki ?? "", logs.account, logs.container])
      .apply(([clientId]) => clientId),
    replicas: storage.replicas,
  };
}

/** Whose zones are written: where the settings say `own`, the one that this stack made. Absent where none are. */
export function writtenDns(config: PlatformConfig, cluster: OnFoundation): WrittenDns | undefined {
  const { dns } = config;
  if (dns?.kind !== "own") return dns;
  const { azure, facts } = foundation("dns.kind", config, cluster);
  const { clientIds, dnsGroup } = facts;
  return {
    kind: "azure-dns",
    zones: azure.dns === undefined ? [] : [azure.dns.zone],
    tenant: azure.directory,
    subscription: azure.subscription,
    resourceGroup: dnsGroup ?? "",
    identities: { records: clientIds["external-dns"] ?? "", certificates: clientIds["cert-manager"] },
  };
}

/** The configuration's own checks admit `own` with a foundation alone. */
function foundation(
  setting: string,
  config: PlatformConfig,
  cluster: OnFoundation,
): { readonly azure: AzureConfig; readonly facts: AzureFacts } {
  if (config.azure === undefined || cluster.azure === undefined)
    throw new Error(`${setting}: expected a cluster of AKS with own`);
  return { azure: config.azure, facts: cluster.azure };
}

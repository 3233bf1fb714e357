import type { AksCluster, AksMaintenance, AksPool } from "../config/aksSection";

/** What Azure refuses to change of a cluster: another value means another cluster (AKS' documentation). */
export const replacesCluster: readonly string[] = [
  "agentPoolProfiles[0].availabilityZones",
  "agentPoolProfiles[0].enableEncryptionAtHost",
  "agentPoolProfiles[0].vmSize",
  "agentPoolProfiles[0].vnetSubnetID",
  "apiServerAccessProfile.enablePrivateCluster",
  "dnsPrefix",
  "networkProfile.dnsServiceIP",
  "networkProfile.networkPlugin",
  "networkProfile.podCidr",
  "networkProfile.serviceCidr",
  "nodeResourceGroup",
];

/** What Azure refuses to change of a pool: another value means another pool (AKS' documentation). */
export const replacesPool: readonly string[] = [
  "availabilityZones",
  "enableEncryptionAtHost",
  "osSKU",
  "vmSize",
  "vnetSubnetID",
];

/** What a pool of nodes has of Azure, whatever it is for. */
export interface PoolProfile {
  readonly type: "VirtualMachineScaleSets";
  readonly osType: "Linux";
  readonly osSKU: "AzureLinux";
  readonly vmSize: string;
  readonly enableAutoScaling: true;
  readonly count: number;
  readonly minCount: number;
  readonly maxCount: number;
  readonly availabilityZones?: string[];
  readonly enableEncryptionAtHost: true;
  readonly enableNodePublicIP: false;
  readonly upgradeSettings: {
    readonly maxSurge: string;
    readonly drainTimeoutInMinutes: number;
    readonly nodeSoakDurationInMinutes: number;
  };
}

/**
 * A pool's settings. An upgrade adds a third of its nodes for a while, waits half an hour for a node's pods to go, and five
 * minutes before it takes the next.
 */
export function poolProfile({ size, minimum, maximum }: AksPool, zones: readonly number[]): PoolProfile {
  return {
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    osSKU: "AzureLinux",
    vmSize: size,
    enableAutoScaling: true,
    count: minimum,
    minCount: minimum,
    maxCount: maximum,
    ...(zones.length > 0 && { availabilityZones: zones.map(String) }),
    enableEncryptionAtHost: true,
    enableNodePublicIP: false,
    upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 5 },
  };
}

/**
 * The taint that keeps all but Kubernetes' own parts off the system pool. Where there is no other pool, everything runs there.
 */
export function systemTaints({ pools }: Pick<AksCluster, "pools">): string[] {
  return Object.keys(pools).length === 0 ? [] : ["CriticalAddonsOnly=true:NoSchedule"];
}

/** How the API server is reached. */
export interface ApiProfile<T> {
  readonly enablePrivateCluster: boolean;
  readonly enablePrivateClusterPublicFQDN?: false;
  readonly privateDNSZone?: "system";
  readonly authorizedIPRanges?: (string | T)[];
  readonly disableRunCommand: true;
}

/**
 * Who reaches the API server. Nodes reach a public one by their way out, so that its address is admitted as well.
 *
 * @param outgoing the range of the network's way out.
 */
export function apiProfile<T>(api: AksCluster["api"], outgoing: T): ApiProfile<T> {
  return api.kind === "private"
    ? {
        enablePrivateCluster: true,
        enablePrivateClusterPublicFQDN: false,
        privateDNSZone: "system",
        disableRunCommand: true,
      }
    : {
        enablePrivateCluster: false,
        authorizedIPRanges: [...api.ranges, outgoing],
        disableRunCommand: true,
      };
}

/** The hours of each week in which Azure may change something, in UTC. */
export function maintenanceWindow({ day, hour, hours }: AksMaintenance): {
  readonly schedule: { readonly weekly: { readonly dayOfWeek: string; readonly intervalWeeks: number } };
  readonly startTime: string;
  readonly utcOffset: string;
  readonly durationHours: number;
} {
  return {
    schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } },
    startTime: `${String(hour).padStart(2, "0")}:00`,
    utcOffset: "+00:00",
    durationHours: hours,
  };
}

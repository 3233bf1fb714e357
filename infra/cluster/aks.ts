import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials";
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice/maintenanceConfiguration";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";

import type { AzureFoundation } from "../azure/foundation";
import { report } from "../azure/diagnostics";
import { assign, type Assignment } from "../azure/roles";
import type { AksCluster as AksConfig } from "../config/aksSection";
import type { AzureConfig } from "../config/azureSection";
import {
  apiProfile,
  maintenanceWindow,
  poolProfile,
  replacesCluster,
  replacesPool,
  systemTaints,
} from "./aksSettings";
import { clusterProvider, type ClusterHandle } from "./handle";
import { kubeloginConfig } from "./kubelogin";

/** What a cluster of AKS is made from. */
export interface AksArgs {
  readonly cluster: AksConfig;
  readonly azure: AzureConfig;
  readonly foundation: AzureFoundation;
}

/** When Azure may bring in versions of Kubernetes, and of nodes' images. Azure knows each by this name. */
const maintenanceNames = ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"];

/** A cluster of Azure Kubernetes Service. Everybody logs in to it by Entra ID: it has no accounts of its own. */
export class AksCluster extends pulumi.ComponentResource {
  readonly handle: ClusterHandle;

  constructor(
    name: string,
    { cluster, azure, foundation }: AksArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("terp:cluster:AksCluster", name, {}, options);
    const { place, plan, network } = foundation;
    const { names, resourceGroupName, location, tags, isKept } = place;
    const inside = { parent: this };
    const mayReplace = (what: string): boolean => cluster.replace.includes(what);

    const control = this.identity("control-plane", foundation);
    const kubelet = this.identity("kubelet", foundation);
    const ready = [
      assign(
        "control-plane-network",
        place,
        { role: "Network Contributor", scope: network.nodes, principal: control.principalId },
        inside,
      ),
      assign(
        "control-plane-kubelet",
        place,
        { role: "Managed Identity Operator", scope: kubelet.id, principal: control.principalId },
        inside,
      ),
    ];
    if (azure.registry !== undefined) {
      assign(
        "kubelet-registry",
        place,
        { role: "AcrPull", scope: azure.registry, principal: kubelet.principalId },
        inside,
      );
    }

    const made = new ManagedCluster(
      `${name}-cluster`,
      {
        resourceName: names.base,
        resourceGroupName,
        location,
        tags,
        sku: { name: "Base", tier: cluster.tier },
        supportPlan: cluster.tier === "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial",
        kubernetesVersion: cluster.kubernetesVersion,
        dnsPrefix: names.base,
        nodeResourceGroup: names.nodeResourceGroup,
        nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
        identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
        identityProfile: {
          kubeletidentity: {
            resourceId: kubelet.id,
            clientId: kubelet.clientId,
            objectId: kubelet.principalId,
          },
        },
        enableRBAC: true,
        disableLocalAccounts: true,
        aadProfile: {
          managed: true,
          enableAzureRBAC: false,
          tenantID: azure.directory,
          adminGroupObjectIDs: [...cluster.administrators],
        },
        apiServerAccessProfile: apiProfile(cluster.api, pulumi.interpolate`${network.outgoingAddress}/32`),
        oidcIssuerProfile: { enabled: true },
        securityProfile: {
          workloadIdentity: { enabled: true },
          imageCleaner: { enabled: true, intervalHours: 7 * 24 },
        },
        networkProfile: {
          networkPlugin: "azure",
          networkPluginMode: "overlay",
          networkDataplane: "cilium",
          networkPolicy: "cilium",
          podCidr: azure.network.pods,
          serviceCidr: azure.network.services,
          dnsServiceIP: plan.dnsServer,
          loadBalancerSku: "standard",
          outboundType: "userAssignedNATGateway",
        },
        autoUpgradeProfile: { upgradeChannel: cluster.upgrades, nodeOSUpgradeChannel: "NodeImage" },
        autoScalerProfile: { expander: "least-waste", balanceSimilarNodeGroups: "true" },
        agentPoolProfiles: [
          {
            ...poolProfile(cluster.system, cluster.zones),
            name: "system",
            mode: "System",
            vnetSubnetID: network.nodes,
            nodeTaints: systemTaints(cluster),
            tags,
          },
        ],
      },
      {
        ...inside,
        protect: isKept && !mayReplace("cluster"),
        dependsOn: ready,
        replaceOnChanges: [...replacesCluster],
        // One of that name, and its group for machines, is there once.
        deleteBeforeReplace: true,
        // The autoscaler decides.
        ignoreChanges: ["agentPoolProfiles[0].count"],
        customTimeouts: { create: "1h", update: "2h", delete: "1h" },
      },
    );
    const inCluster = { resourceGroupName, resourceName: made.name };
    const pools = Object.entries(cluster.pools).map(
      ([pool, settings]) =>
        new AgentPool(
          `pool-${pool}`,
          {
            ...inCluster,
            ...poolProfile(settings, cluster.zones),
            agentPoolName: pool,
            mode: "User",
            vnetSubnetID: network.nodes,
            nodeLabels: { "terp.dev/pool": pool },
            tags,
          },
          {
            ...inside,
            // Pools go with their cluster.
            protect: isKept && !mayReplace(pool) && !mayReplace("cluster"),
            replaceOnChanges: [...replacesPool],
            deleteBeforeReplace: true,
            ignoreChanges: ["count"],
          },
        ),
    );
    for (const configName of maintenanceNames) {
      new MaintenanceConfiguration(
        configName,
        { ...inCluster, configName, maintenanceWindow: maintenanceWindow(cluster.maintenance) },
        inside,
      );
    }
    const mayAsk = (
      whose: string,
      principal: string,
      principalType: NonNullable<Assignment["principalType"]>,
    ): void => {
      const role = "Azure Kubernetes Service Cluster User Role";
      assign(`${whose}-${principal}`, place, { role, scope: made.id, principal, principalType }, inside);
    };
    for (const group of cluster.administrators) mayAsk("administrators", group, "Group");
    for (const group of cluster.readers.groups) mayAsk("readers", group, "Group");
    for (const identity of cluster.readers.identities) mayAsk("readers", identity, "ServicePrincipal");
    report(
      name,
      {
        resource: made.id,
        categories: ["kube-audit-admin", "guard", "cluster-autoscaler"],
        workspace: foundation.workspace,
      },
      inside,
    );
    const issuer = made.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? "");
    for (const identity of Object.values(foundation.identities)) identity.trust(issuer);

    const kubeconfig = pulumi.secret(
      listManagedClusterUserCredentialsOutput(inCluster, inside).kubeconfigs.apply((given) =>
        kubeloginConfig(
          Buffer.from(given[0]?.value ?? "", "base64").toString("utf8"),
          names.base,
          azure.directory,
        ),
      ),
    );
    this.handle = {
      name: names.base,
      kubeconfig,
      // What runs in the cluster needs nodes.
      provider: clusterProvider(names.base, kubeconfig, { parent: this, dependsOn: pools }),
    };
    this.registerOutputs();
  }

  /** An identity of the cluster itself. */
  private identity(part: "control-plane" | "kubelet", { place }: AzureFoundation): UserAssignedIdentity {
    return new UserAssignedIdentity(
      part,
      {
        resourceName: `${place.names.base}-${part}`,
        resourceGroupName: place.resourceGroupName,
        location: place.location,
        tags: place.tags,
      },
      { parent: this },
    );
  }
}

import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { runInAzure, type MadeInAzure } from "../../support/azureRun";
import { resolve } from "../../support/resolve";

describe("a cluster of AKS", () => {
  let plainRun: Promise<MadeInAzure> | undefined;
  const plain = (): Promise<MadeInAzure> => (plainRun ??= runInAzure());
  const made = async (): Promise<any> => (await plain()).record.byName("aks-cluster").inputs;
  const pool = async (): Promise<any> => (await plain()).record.byName("pool-general").inputs;

  it("has no accounts of its own: everybody logs in by Entra ID", async () => {
    const { disableLocalAccounts, enableRBAC, aadProfile } = await made();
    assert.deepEqual([disableLocalAccounts, enableRBAC], [true, true]);
    assert.deepEqual(aadProfile, {
      managed: true,
      enableAzureRBAC: false,
      tenantID: "00000000-0000-0000-0000-000000000001",
      adminGroupObjectIDs: ["00000000-0000-0000-0000-00000000000a"],
    });
  });

  it("signs its service accounts' tokens so that Azure can trust them", async () => {
    const { oidcIssuerProfile, securityProfile } = await made();
    assert.deepEqual([oidcIssuerProfile.enabled, securityProfile.workloadIdentity.enabled], [true, true]);
  });

  it("cleans nodes of images that nothing uses, once a week", async () => {
    assert.deepEqual((await made()).securityProfile.imageCleaner, { enabled: true, intervalHours: 168 });
  });

  it("is reached from the ranges of the settings, and from its own way out", async () => {
    assert.deepEqual((await made()).apiServerAccessProfile, {
      enablePrivateCluster: false,
      authorizedIPRanges: ["192.0.2.0/24", "203.0.113.7/32"],
      disableRunCommand: true,
    });
  });

  it("is reached from its network alone, if the settings say so", async () => {
    const { record } = await runInAzure({}, { api: { kind: "private" } });
    assert.deepEqual(record.byName("aks-cluster").inputs.apiServerAccessProfile, {
      enablePrivateCluster: true,
      enablePrivateClusterPublicFQDN: false,
      privateDNSZone: "system",
      disableRunCommand: true,
    });
  });

  it("has Cilium apply network policies, in an overlay with the settings' ranges", async () => {
    assert.deepEqual((await made()).networkProfile, {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.96.0.0/16",
      dnsServiceIP: "10.96.0.10",
      loadBalancerSku: "standard",
      outboundType: "userAssignedNATGateway",
    });
  });

  it("lets nobody change its machines' group by hand", async () => {
    const { nodeResourceGroup, nodeResourceGroupProfile } = await made();
    assert.deepEqual(
      [nodeResourceGroup, nodeResourceGroupProfile.restrictionLevel],
      ["example-dev-nodes", "ReadOnly"],
    );
  });

  describe("has pools", () => {
    it("for Kubernetes' own parts and for the rest, over the settings' zones, growing as needed", async () => {
      const [system] = (await made()).agentPoolProfiles;
      const shown = ({
        mode,
        vmSize,
        minCount,
        maxCount,
        enableAutoScaling,
        availabilityZones,
      }: any): unknown[] => [mode, vmSize, minCount, maxCount, enableAutoScaling, availabilityZones];
      assert.deepEqual(shown(system), ["System", "Standard_D2ads_v5", 1, 3, true, ["1", "2", "3"]]);
      assert.deepEqual(shown(await pool()), ["User", "Standard_D4ads_v5", 1, 6, true, ["1", "2", "3"]]);
    });

    it("in the nodes' subnet, without addresses of their own, encrypted at their host", async () => {
      for (const each of [(await made()).agentPoolProfiles[0], await pool()])
        assert.deepEqual(
          [each.vnetSubnetID, each.enableNodePublicIP, each.enableEncryptionAtHost],
          ["network-virtual-network-id/subnets/nodes", false, true],
        );
    });

    it("that are upgraded by a third at a time, with time for pods to go", async () => {
      for (const each of [(await made()).agentPoolProfiles[0], await pool()])
        assert.deepEqual(each.upgradeSettings, {
          maxSurge: "33%",
          drainTimeoutInMinutes: 30,
          nodeSoakDurationInMinutes: 5,
        });
    });

    it("of which the system's keeps others off, unless there is no other", async () => {
      assert.deepEqual((await made()).agentPoolProfiles[0].nodeTaints, [
        "CriticalAddonsOnly=true:NoSchedule",
      ]);
      const { record } = await runInAzure({}, { pools: {} });
      assert.deepEqual(record.byName("aks-cluster").inputs.agentPoolProfiles[0].nodeTaints, []);
    });

    it("in no zones where the region has none", async () => {
      const { record } = await runInAzure({}, { zones: [] });
      assert.ok(!("availabilityZones" in record.byName("pool-general").inputs));
    });

    it("before anything runs in it", async () => {
      const { record } = await plain();
      assert.ok(record.byName("example-dev").dependsOn.includes("pool-general"));
    });
  });

  describe("is upgraded", () => {
    it("by Azure within its minor version, and its nodes' images, in the hours of the settings", async () => {
      assert.deepEqual((await made()).autoUpgradeProfile, {
        upgradeChannel: "patch",
        nodeOSUpgradeChannel: "NodeImage",
      });
      const { record } = await runInAzure({}, { maintenance: { day: "Saturday", hour: 2, hours: 4 } });
      for (const name of ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"])
        assert.deepEqual(record.byName(name).inputs.maintenanceWindow, {
          schedule: { weekly: { dayOfWeek: "Saturday", intervalWeeks: 1 } },
          startTime: "02:00",
          utcOffset: "+00:00",
          durationHours: 4,
        });
    });

    it("for two years of a version at the highest tier", async () => {
      const { record } = await runInAzure({}, { tier: "Premium" });
      const { sku, supportPlan } = record.byName("aks-cluster").inputs;
      assert.deepEqual([sku, supportPlan], [{ name: "Base", tier: "Premium" }, "AKSLongTermSupport"]);
    });
  });

  describe("is replaced", () => {
    const protectedIn = async (replace: string[]): Promise<boolean[]> => {
      const { record } = await runInAzure({}, { replace });
      return ["aks-cluster", "pool-general"].map((name) => record.byName(name).protect);
    };

    it("by no run, nor is a pool, unless the settings name it", async () => {
      assert.deepEqual(await protectedIn([]), [true, true]);
      assert.deepEqual(await protectedIn(["general"]), [true, false]);
    });

    it("with its pools, which go with it, where they name the cluster", async () => {
      assert.deepEqual(await protectedIn(["cluster"]), [false, false]);
    });
  });

  describe("is shown as replaced", () => {
    it("by what Azure would refuse to change of it, before Azure is asked", async () => {
      const { record } = await plain();
      const paths = record.byName("aks-cluster").replaceOnChanges;
      for (const path of [
        "agentPoolProfiles[0].vmSize",
        "agentPoolProfiles[0].availabilityZones",
        "apiServerAccessProfile.enablePrivateCluster",
        "networkProfile.podCidr",
        "networkProfile.serviceCidr",
      ])
        assert.ok(paths.includes(path), path);
    });

    it("by nothing that Azure changes in place", async () => {
      const { record } = await plain();
      const { inputs, replaceOnChanges } = record.byName("aks-cluster");
      for (const name of ["kubernetesVersion", "sku", "aadProfile", "autoUpgradeProfile", "tags"]) {
        assert.ok(name in inputs, name);
        assert.ok(!replaceOnChanges.some((path) => path.startsWith(name)), name);
      }
    });

    it("pool by pool: by its size and its zones, and not by how many nodes it has", async () => {
      const { record } = await plain();
      const paths = record.byName("pool-general").replaceOnChanges;
      assert.deepEqual(
        ["vmSize", "availabilityZones", "minCount", "maxCount"].filter((path) => paths.includes(path)),
        ["vmSize", "availabilityZones"],
      );
    });
  });

  describe("gives a kubeconfig", () => {
    it("that holds no credential and has kubelogin ask whom the Azure CLI is logged in as", async () => {
      const { handle } = await plain();
      const text = await resolve(handle.kubeconfig);
      const { clusters, users, "current-context": current } = parse(text);
      assert.equal(current, "example-dev");
      assert.deepEqual(clusters[0].cluster, {
        server: "https://api.example.org:443",
        "certificate-authority-data": "QQ==",
      });
      assert.deepEqual(Object.keys(users[0].user as object), ["exec"]);
      const { command, args } = users[0].user.exec;
      assert.deepEqual(
        [command, ...args],
        [
          "kubelogin",
          "get-token",
          "--server-id",
          "6dae42f8-4368-4678-94ff-3960e28e3630",
          "--tenant-id",
          "00000000-0000-0000-0000-000000000001",
          "--login",
          "azurecli",
        ],
      );
    });

    it("that is secret all the same, as every cluster's", async () => {
      const { handle } = await plain();
      assert.ok(await pulumi.isSecret(handle.kubeconfig));
    });
  });

  it("is identified by its name, which follows from the settings", async () => {
    const { record, handle } = await plain();
    assert.equal(handle.name, "example-dev");
    assert.equal(record.byName("aks-cluster").inputs.resourceName, "example-dev");
    assert.equal(record.byName("example-dev").inputs.clusterIdentifier, "example-dev");
  });
});

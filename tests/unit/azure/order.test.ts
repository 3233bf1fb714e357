import { strict as assert } from "node:assert";

import { workloads } from "../../../infra/azure/workloads";
import { runInAzure, type MadeInAzure } from "../../support/azureRun";
import { customIn, waitsFor } from "../../support/platformRun";
import type { Recorded } from "../../support/recorder";

describe("what is made in Azure waits", () => {
  let plainRun: Promise<MadeInAzure> | undefined;
  const plain = (): Promise<MadeInAzure> =>
    (plainRun ??= runInAzure({
      dns: { zone: "dev.example.org" },
      keep: { breakGlass: "the emergency group" },
      registry: "the registry",
    }));

  const awaited = async (name: string): Promise<string[]> => {
    const { record } = await plain();
    const found: Recorded = record.byName(name);
    return [...waitsFor(record, found)].filter((one) => one !== "azure").sort();
  };

  it("the DNS zone for its group alone, the network for nothing that stores", async () => {
    assert.deepEqual(await awaited("dns-zone"), ["dns-group"]);
    assert.deepEqual(await awaited("network-virtual-network"), [
      "group",
      "network-endpoints",
      "network-nat",
      "network-outgoing",
    ]);
  });

  it("stores for the group alone: they are made while the network is", async () => {
    for (const name of ["logs-storage", "backups-storage", "secrets-vault", "diagnostics"])
      assert.deepEqual(await awaited(name), ["group"]);
  });

  it("the cluster for the network and its own rights, and for no store, zone or report", async () => {
    assert.deepEqual(await awaited("aks-cluster"), [
      "control-plane",
      "control-plane-kubelet",
      "control-plane-network",
      "group",
      "kubelet",
      "network-endpoints",
      "network-nat",
      "network-outgoing",
      "network-virtual-network",
    ]);
  });

  it("services' identities and rights not for the cluster: only its accounts' trust does", async () => {
    const { record } = await plain();
    const late = customIn(record).filter((one) => waitsFor(record, one).has("aks-cluster"));
    assert.deepEqual(
      late.map(({ name }) => name).sort(),
      [
        ...Object.keys(workloads).map((name) => `${name}-trust`),
        "administrators-00000000-0000-0000-0000-00000000000a",
        "aks-diagnostics",
        "aksManagedAutoUpgradeSchedule",
        "aksManagedNodeOSUpgradeSchedule",
        "example-dev",
        "pool-general",
      ].sort(),
    );
  });
});

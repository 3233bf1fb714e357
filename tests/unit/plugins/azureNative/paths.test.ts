import { strict as assert } from "node:assert";
import { idOf, inputsIn, pathOf, tabledKinds } from "../../../../local/plugins/azure-native/paths";
import { aKind, sdk } from "../../../support/azureKinds";

const group = "/subscriptions/s/resourceGroups/g/providers";

describe("the path of an Azure resource", () => {
  for (const token of tabledKinds) {
    it(`is made of inputs of ${token}`, () => {
      const kind = sdk.kind(token);
      const unknown = pathOf(kind).parameters.filter((name) => !kind.inputs.includes(name));
      assert.deepEqual(unknown, []);
    });
  }

  for (const [token, inputs, id] of [
    ["network:VirtualNetwork", { virtualNetworkName: "v" }, `${group}/Microsoft.Network/virtualNetworks/v`],
    [
      "network:Subnet",
      { virtualNetworkName: "v", subnetName: "n" },
      `${group}/Microsoft.Network/virtualNetworks/v/subnets/n`,
    ],
    ["keyvault:Vault", { vaultName: "v" }, `${group}/Microsoft.KeyVault/vaults/v`],
    ["keyvault:Key", { vaultName: "v", keyName: "k" }, `${group}/Microsoft.KeyVault/vaults/v/keys/k`],
    [
      "containerregistry:Registry",
      { registryName: "r" },
      `${group}/Microsoft.ContainerRegistry/registries/r`,
    ],
    [
      "compute:DiskEncryptionSet",
      { diskEncryptionSetName: "d" },
      `${group}/Microsoft.Compute/diskEncryptionSets/d`,
    ],
    [
      "containerservice:AgentPool",
      { resourceName: "c", agentPoolName: "p" },
      `${group}/Microsoft.ContainerService/managedClusters/c/agentPools/p`,
    ],
    [
      "authorization:RoleAssignment",
      { scope: "/subscriptions/s/resourceGroups/g", roleAssignmentName: "a" },
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/roleAssignments/a",
    ],
  ] as const) {
    it(`of ${token} is Azure's, and is read back`, () => {
      const path = pathOf(sdk.kind(`azure-native:${token}`));
      const all = { resourceGroupName: "g", ...inputs };
      assert.equal(idOf(path, all, "s"), id);
      const read = inputsIn(path, id);
      assert.deepEqual(
        read,
        Object.fromEntries(path.parameters.map((name) => [name, (all as Record<string, string>)[name]])),
      );
    });
  }

  it("isn't known while a part of it isn't", () => {
    assert.equal(
      idOf(pathOf(aKind("network:Subnet")), { resourceGroupName: "g", subnetName: "n" }, "s"),
      undefined,
    );
  });

  it("of another kind is refused", () => {
    assert.throws(
      () => inputsIn(pathOf(aKind("keyvault:Vault")), `${group}/Microsoft.Storage/storageAccounts/a`),
      /expected an id like .*\/Microsoft\.KeyVault\/vaults\/\{vaultName\}$/,
    );
  });
});

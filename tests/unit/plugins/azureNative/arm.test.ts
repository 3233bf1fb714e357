import { strict as assert } from "node:assert";
import { Arm } from "../../../../local/plugins/azure-native/arm";
import { ArmDouble } from "../../../support/arm/double";

describe("the stand-in for azure-native and a double of Azure", () => {
  let double: ArmDouble;
  let arm: Arm;
  let group: string;

  beforeEach(async () => {
    double = await ArmDouble.start();
    arm = new Arm(double.address);
    group = `/subscriptions/${double.model.subscription}/resourceGroups/g`;
    await arm.put(group, { location: "westeurope" });
  });
  afterEach(async () => {
    await double.close();
  });

  const vault = (): string => `${group}/providers/Microsoft.KeyVault/vaults/v`;
  const identity = (): string => `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i`;

  async function role(name: string, properties: Record<string, string>): Promise<void> {
    await arm.put(`${group}/providers/Microsoft.Authorization/roleAssignments/${name}`, { properties });
  }

  it("wait until what was made is found and finished", async () => {
    double.model.lag = { unseen: 2, unfinished: 2 };
    const made = await arm.put(vault(), { properties: {} });
    assert.deepEqual(made["properties"], {
      vaultUri: "https://v.vault.azure.net/",
      provisioningState: "Succeeded",
    });
  });

  it("keep a deleted vault's name until it is recovered", async () => {
    await arm.put(vault(), { properties: {} });
    await arm.delete(vault());
    await assert.rejects(arm.put(vault(), { properties: {} }), /^ArmError: Status=409 Code="ConflictError"/);
    await arm.put(vault(), { properties: { createMode: "recover" } });
  });

  it("don't give a name that somebody else has", async () => {
    double.model.taken.add("a");
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/a`;
    await assert.rejects(arm.put(id, {}), /Status=409 Code="StorageAccountAlreadyTaken"/);
  });

  it("want a role for an identity to say that it is one, while the directory doesn't know it", async () => {
    double.model.directoryLag = 1;
    const { properties } = await arm.put(identity(), {});
    const { principalId = "" } = properties as Record<string, string>;
    await assert.rejects(role("a", { principalId, roleDefinitionId: "r" }), /Code="PrincipalNotFound"/);
    await assert.rejects(
      role("a", { principalId, roleDefinitionId: "r", principalType: "User" }),
      /Code="UnmatchedPrincipalType"/,
    );
    await role("a", { principalId, roleDefinitionId: "r", principalType: "ServicePrincipal" });
  });

  it("have a role but once", async () => {
    await role("a", { principalId: "p", roleDefinitionId: "r" });
    await assert.rejects(
      role("b", { principalId: "p", roleDefinitionId: "r" }),
      /Code="RoleAssignmentExists"/,
    );
  });

  it("write one credential of an identity at a time", async () => {
    await arm.put(identity(), {});
    const write = (name: string) => arm.put(`${identity()}/federatedIdentityCredentials/${name}`, {});
    const ends = await Promise.allSettled([write("a"), write("b")]);
    assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("delete nothing under a lock", async () => {
    await arm.put(vault(), { properties: {} });
    await arm.put(`${vault()}/providers/Microsoft.Authorization/locks/l`, { properties: {} });
    await assert.rejects(arm.delete(group), /Status=409 Code="ScopeLocked"/);
  });

  it("make nothing in what there isn't", async () => {
    const id = group.replace(/g$/, "h");
    await assert.rejects(
      arm.put(`${id}/providers/Microsoft.KeyVault/vaults/v`, {}),
      /Code="ResourceGroupNotFound"/,
    );
  });

  it("are on one machine", () => {
    assert.throws(() => new Arm("https://management.azure.com"), {
      message:
        'TERP_AZURE_DOUBLE: got "https://management.azure.com", expected http://127.0.0.1:PORT, a double on this machine',
    });
  });
});

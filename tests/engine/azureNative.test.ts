import { strict as assert } from "node:assert";
import { ArmDouble } from "../support/arm/double";
import { EngineProject } from "../support/engineProject";

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as azure from "@pulumi/azure-native";
export = () => {
  const config = new pulumi.Config();
  const provider = new azure.Provider("azure", {});
  const options = { provider };
  const group = new azure.resources.ResourceGroup("group", { resourceGroupName: "terp-test", location: "West Europe" }, options);
  const network = new azure.network.VirtualNetwork("network", {
    resourceGroupName: group.name,
    virtualNetworkName: "net",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    tags: { step: config.get("step") ?? "one" },
  }, options);
  const subnet = new azure.network.Subnet("subnet", {
    resourceGroupName: group.name, virtualNetworkName: network.name, subnetName: "nodes", addressPrefix: "10.0.0.0/20",
  }, options);
  const account = new azure.storage.StorageAccount("logs", {
    resourceGroupName: group.name, kind: "StorageV2", sku: { name: "Standard_LRS" },
    location: config.get("location") ?? "westeurope",
  }, options);
  const blobs = new azure.storage.BlobServiceProperties("blobs", {
    resourceGroupName: group.name, accountName: account.name, blobServicesName: "default", isVersioningEnabled: true,
  }, options);
  const identity = new azure.managedidentity.UserAssignedIdentity("dns", { resourceGroupName: group.name }, options);
  const role = new azure.authorization.RoleAssignment("role", {
    scope: account.id, principalId: identity.principalId, principalType: "ServicePrincipal",
    roleDefinitionId: "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/reader",
  }, options);
  const vault = new azure.keyvault.Vault("vault", {
    resourceGroupName: group.name, vaultName: "terp-test", properties: {
      tenantId: azure.authorization.getClientConfigOutput({}, options).tenantId, sku: { family: "A", name: "standard" },
    },
  }, options);
  const cluster = new azure.containerservice.ManagedCluster("cluster", {
    resourceGroupName: group.name, resourceName: "c", oidcIssuerProfile: { enabled: true },
  }, options);
  return {
    group: group.id, subnet: subnet.id, account: account.name, role: role.name, uri: vault.properties.vaultUri, blobs: blobs.id,
    issuer: cluster.oidcIssuerProfile.apply((each) => each?.issuerURL),
  };
};
`;

describe("the stand-in for azure-native on a real engine", () => {
  let double: ArmDouble;
  let project: EngineProject;
  const group = (): string => `/subscriptions/${double.model.subscription}/resourceGroups/terp-test`;

  async function configure(name: string, value: string): Promise<void> {
    await project.run("config", "set", "--stack", "test", name, value);
  }

  async function upAsExpected(...words: readonly string[]): Promise<string> {
    const { code, output } = await project.up(...words);
    assert.equal(code, 0, output);
    return output;
  }

  before(async () => {
    double = await ArmDouble.start();
    project = await EngineProject.create(program, double.environment);
    await project.attach("azure-native");
    await project.initialise();
  });
  after(async () => {
    await project.remove();
    await double.close();
  });

  it("previews everything and makes nothing", async () => {
    const { code, output } = await project.run("preview", "--stack", "test");
    assert.equal(code, 0, output);
    assert.match(output, /\+ 11 to create/);
    assert.deepEqual(double.model.ids, []);
  });

  it("makes what was previewed, each at its path", async () => {
    double.model.lag = { unseen: 2, unfinished: 2 };
    await upAsExpected();
    assert.equal(await project.output("group"), group());
    assert.equal(
      await project.output("subnet"),
      `${group()}/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes`,
    );
    assert.match(await project.output("account"), /^logs[0-9a-f]{8}$/);
    assert.match(await project.output("role"), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(await project.output("uri"), "https://terp-test.vault.azure.net/");
    assert.match(await project.output("issuer"), /^https:\/\/example\.oic\.prod-aks\.azure\.com\//);
    await upAsExpected("--expect-no-changes");
  });

  it("sees in a refresh what was changed in Azure, and sets it right", async () => {
    const id = `${group()}/providers/Microsoft.Network/virtualNetworks/net`;
    double.model.put(id, { ...double.model.find(id), tags: { step: "by hand" } });
    const { output } = await project.run("preview", "--refresh", "--diff", "--stack", "test");
    assert.match(output, /"by hand" => "one"/);
    await upAsExpected("--refresh");
    assert.deepEqual(double.model.find(id)?.["tags"], { step: "one" });
  });

  it("changes tags in place", async () => {
    await configure("step", "two");
    const { output } = await project.run("preview", "--stack", "test");
    assert.match(output, /~ +azure-native:network:VirtualNetwork/);
    await upAsExpected();
  });

  it("says in a preview that a storage account elsewhere is another one, made first because its name was made up", async () => {
    await configure("location", "northeurope");
    const { output } = await project.run("preview", "--stack", "test");
    assert.match(output, /\+- +azure-native:storage:StorageAccount +logs +replace/);
    const before = await project.output("account");
    await upAsExpected();
    assert.notEqual(await project.output("account"), before);
  });

  it("doesn't take over what exists when the state is lost", async () => {
    await project.initialise();
    const { code, output } = await project.up();
    assert.notEqual(code, 0);
    assert.match(output, new RegExp(`cannot create already existing resource '${group()}'`));
  });
});

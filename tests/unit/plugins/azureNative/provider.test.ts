import { strict as assert } from "node:assert";
import { AzureProvider, version } from "../../../../local/plugins/azure-native/provider";
import { Secret, secret, unknown, type PropertyMap } from "../../../../local/plugins/server/values";
import { sdk } from "../../../support/azureKinds";

const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
const account = "azure-native:storage:StorageAccount";

function identity(type: string, name = "logs") {
  return { urn: `urn:pulumi:s::p::${type}::${name}`, name, type };
}

async function aProvider(): Promise<AzureProvider> {
  const provider = new AzureProvider(sdk);
  await provider.configure({ args: {}, variables: { "azure-native:config:subscriptionId": "s" } });
  return provider;
}

async function check(type: string, news: PropertyMap, olds: PropertyMap = {}) {
  const request = { ...identity(type), news, olds, randomSeed: seed, autonaming: undefined };
  return await (await aProvider()).check(request);
}

async function diff(type: string, oldInputs: PropertyMap, news: PropertyMap) {
  const request = { ...identity(type), id: "i", olds: {}, oldInputs, news, ignoreChanges: [] };
  return await (await aProvider()).diff(request);
}

async function preview(type: string, properties: PropertyMap): Promise<PropertyMap> {
  const request = { ...identity(type), properties, timeout: 0, preview: true };
  return (await (await aProvider()).create(request)).properties;
}

const inputs = {
  resourceGroupName: "g",
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
};

describe("the stand-in for azure-native", () => {
  it("has the version of the SDK", () => {
    const manifest = require("@pulumi/azure-native/package.json") as { version: string };
    assert.equal(version, manifest.version);
  });

  it("makes up a name with eight digits in a resource group, and keeps it", async () => {
    const { inputs: made, failures } = await check(account, inputs);
    assert.deepEqual(failures, []);
    assert.equal(made["accountName"], "logs00010203");
    assert.equal(
      (await check(account, inputs, { ...made, accountName: "logs4" })).inputs["accountName"],
      "logs4",
    );
  });

  it("names a child as the program does, and a role assignment by a UUID", async () => {
    const subnet = await check("azure-native:network:Subnet", {
      resourceGroupName: "g",
      virtualNetworkName: "v",
    });
    assert.equal(subnet.inputs["subnetName"], "logs");
    const role = { scope: "/x", principalId: "p", roleDefinitionId: "r" };
    const { inputs: made } = await check("azure-native:authorization:RoleAssignment", role);
    assert.equal(made["roleAssignmentName"], "00010203-0405-0607-0809-0a0b0c0d0e0f");
  });

  it("says which inputs are missing and which there are not", async () => {
    const { failures = [] } = await check(account, { resourceGroupName: "g", colour: "red" });
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      [
        "missing required property 'kind'",
        "missing required property 'sku'",
        "missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.",
        `${account} has no input 'colour'`,
      ],
    );
  });

  it("doesn't know a place before it knows the resource group", async () => {
    const { inputs: made, failures } = await check(account, {
      ...inputs,
      location: null,
      resourceGroupName: unknown,
    });
    assert.deepEqual(failures, []);
    assert.equal(made["location"], unknown);
  });

  it("changes in place what Azure can change", async () => {
    const result = await diff(account, { ...inputs, tags: { a: "1" } }, { ...inputs, tags: { a: "2" } });
    assert.deepEqual(result.detailedDiff, { "tags.a": { kind: "update", inputDiff: true } });
    assert.deepEqual(result.replaces, []);
  });

  for (const [what, type, before, after, path] of [
    ["a name", account, { accountName: "a" }, { accountName: "b" }, "accountName"],
    ["a place", account, { location: "westeurope" }, { location: "northeurope" }, "location"],
    [
      "a cluster's network",
      "azure-native:containerservice:ManagedCluster",
      { networkProfile: { podCidr: "10.0.0.0/16" } },
      { networkProfile: { podCidr: "10.1.0.0/16" } },
      "networkProfile.podCidr",
    ],
    [
      "a pool's machines",
      "azure-native:containerservice:AgentPool",
      { vmSize: "Standard_D2s_v5" },
      { vmSize: "Standard_D4s_v5" },
      "vmSize",
    ],
  ] as const) {
    it(`needs another resource for ${what}, and deletes the old one first`, async () => {
      const result = await diff(type, before, after);
      assert.deepEqual(result.replaces, [path]);
      assert.equal(result.deleteBeforeReplace, true);
    });
  }

  it("makes the other resource first where the name was made up", async () => {
    const before = { accountName: "a", location: "westeurope", __createBeforeDelete: true };
    assert.equal(
      (await diff(account, before, { ...before, location: "northeurope" })).deleteBeforeReplace,
      false,
    );
  });

  it("takes two ways to write a place for the same", async () => {
    assert.equal(
      (await diff(account, { location: "West Europe" }, { location: "westeurope" })).changes,
      "none",
    );
  });

  it("knows in a preview what was given and nothing that Azure adds, also deep inside", async () => {
    const outputs = await preview("azure-native:containerservice:ManagedCluster", {
      resourceGroupName: "g",
      oidcIssuerProfile: { enabled: true },
      dnsPrefix: secret("d"),
    });
    assert.deepEqual(outputs["oidcIssuerProfile"], { enabled: true, issuerURL: unknown });
    assert.equal(outputs["fqdn"], unknown);
    assert.deepEqual(outputs["dnsPrefix"], new Secret("d"));
  });

  it("refuses to make anything, and says what to install", async () => {
    const provider = await aProvider();
    const request = {
      ...identity(account),
      properties: { ...inputs, accountName: "a" },
      timeout: 0,
      preview: false,
    };
    await assert.rejects(provider.create(request), {
      message:
        "this stand-in for the plugin azure-native shows previews and reaches no Azure; install the official plugin: " +
        "pulumi plugin install resource azure-native 3.28.0",
    });
  });

  it("says who signs in, and refuses functions that it doesn't have", async () => {
    const provider = await aProvider();
    const ask = (token: string) => provider.invoke({ token, args: {}, preview: true });
    const { return: answer } = await ask("azure-native:authorization:getClientConfig");
    assert.equal(answer["subscriptionId"], "s");
    await assert.rejects(ask("azure-native:authorization:denyEverything"), {
      message:
        "azure-native:authorization:denyEverything: this stand-in plugin doesn't have that function; install the official plugin",
    });
  });
});

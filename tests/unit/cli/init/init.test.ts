import { strict as assert } from "node:assert";
import type { AzureConfig } from "../../../../infra/config/azureSection";
import { silent } from "../../../../local/progress";
import { ArmClient } from "../../../../cli/init/arm";
import { describeFindings, describeIdentities, look, perform } from "../../../../cli/init/perform";
import { initSteps, type InitOptions } from "../../../../cli/init/plan";
import { initRoles, noOwners } from "../../../../cli/init/roles";
import { ArmDouble } from "../../../support/arm/double";

const usual: InitOptions = {
  ranges: ["192.0.2.0/24"],
  pipeline: { kind: "github", repository: "example/platform" },
  person: "11111111-1111-1111-1111-111111111111",
  keepsState: true,
};

describe("what outlives every stack in Azure", () => {
  let double: ArmDouble;
  let client: ArmClient;
  let azure: AzureConfig;

  beforeEach(async () => {
    double = await ArmDouble.start();
    client = new ArmClient({
      address: double.address,
      credential: { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: 0 }) },
      signal: new AbortController().signal,
      interval: 1,
    });
    azure = {
      directory: double.model.tenant,
      subscription: double.model.subscription,
      location: "westeurope",
      organisation: "example",
      replication: "ZRS",
      keep: {},
      tags: {},
    } as unknown as AzureConfig;
  });
  afterEach(async () => {
    await double.close();
  });

  const steps = (options: Partial<InitOptions> = {}) => initSteps(azure, "dev", { ...usual, ...options });

  async function run(options: Partial<InitOptions> = {}) {
    return perform(client, await look(client, steps(options)), silent);
  }

  function made(type: string): Readonly<Record<string, unknown>>[] {
    return double.model.ids.map((id) => double.model.find(id) ?? {}).filter((body) => body["type"] === type);
  }

  function properties(type: string): Readonly<Record<string, unknown>> {
    const [body] = made(type);
    return body?.["properties"] as Readonly<Record<string, unknown>>;
  }

  /** Roles by principal, each with the end of its scope. */
  function rights(principal: string): string[] {
    const names = new Map(Object.entries(initRoles).map(([name, id]) => [id as string, name]));
    return double.model.ids
      .filter((id) => id.includes("/roleAssignments/"))
      .flatMap((id) => {
        const given = double.model.find(id)?.["properties"] as Record<string, string>;
        const role = names.get(given["roleDefinitionId"]?.split("/").at(-1) ?? "") ?? "unknown";
        const scope = id.split("/providers/Microsoft.Authorization/")[0]?.split("/") ?? [];
        return given["principalId"] === principal ? [`${role} on ${scope.slice(-2).join("/")}`] : [];
      })
      .sort();
  }

  it("is looked for first, and nothing is made by that", async () => {
    const findings = await look(client, steps());
    assert.deepEqual([...new Set(findings.map(({ state }) => state))], ["missing"]);
    assert.deepEqual(double.model.ids, []);
    assert.match(
      describeFindings(findings)[0] ?? "",
      /^ {2}\+ resource group: is made\n {6}\/subscriptions\/.*\/example-dev-keep$/,
    );
  });

  it("is closed to all but sign-ins from the ranges, kept in versions, and locked", async () => {
    await run();
    const rules = { bypass: "AzureServices", defaultAction: "Deny", ipRules: [{ value: "192.0.2.0/24" }] };
    const account = properties("Microsoft.Storage/storageAccounts");
    assert.equal(account["allowSharedKeyAccess"], false);
    assert.equal(account["allowBlobPublicAccess"], false);
    assert.deepEqual(account["networkAcls"], rules);
    assert.equal(properties("Microsoft.Storage/storageAccounts/blobServices")["isVersioningEnabled"], true);
    const vault = properties("Microsoft.KeyVault/vaults");
    assert.equal(vault["enableRbacAuthorization"], true);
    assert.equal(vault["enableSoftDelete"], true);
    assert.equal(vault["enablePurgeProtection"], true);
    assert.deepEqual(vault["networkAcls"], rules);
    assert.equal(properties("Microsoft.Authorization/locks")["level"], "CanNotDelete");
  });

  it("lets the previewing identity read, and the applying one make no owner", async () => {
    const [writer, reader] = await run();
    assert.ok(writer && reader);
    const subscription = `subscriptions/${azure.subscription}`;
    const vault =
      double.model.ids
        .find((id) => /\/vaults\/[^/]+$/.test(id))
        ?.split("/")
        .slice(-2)
        .join("/") ?? "";
    assert.deepEqual(rights(reader.principal), [
      "Key Vault Crypto User on keys/state",
      `Key Vault Reader on ${vault}`,
      `Reader on ${subscription}`,
      "Storage Blob Data Reader on containers/state",
    ]);
    assert.deepEqual(rights(writer.principal), [
      `Contributor on ${subscription}`,
      "Key Vault Crypto User on keys/state",
      `Key Vault Secrets Officer on ${vault}`,
      `Locks Contributor on ${subscription}`,
      `Role Based Access Control Administrator on ${subscription}`,
      "Storage Blob Data Contributor on containers/state",
    ]);
    const bounded = made("Microsoft.Authorization/roleAssignments").filter(
      (body) => (body["properties"] as Record<string, unknown>)["condition"] === noOwners,
    );
    assert.equal(bounded.length, 1);
  });

  it("says at its end what the pipeline signs in with, and where the cluster has to know it", async () => {
    const identities = [
      { id: "/identities/example-dev-apply", principal: "object-a", client: "client-a" },
      { id: "/identities/example-dev-preview", principal: "object-b", client: "client-b" },
    ];
    assert.deepEqual(describeIdentities(identities), [
      "example-dev-apply: AZURE_CLIENT_ID is client-a; its object id, object-a, becomes a member of a group in terp:cluster.administrators",
      "example-dev-preview: AZURE_CLIENT_ID is client-b; its object id, object-b, goes into terp:cluster.readers.identities",
    ]);
    assert.deepEqual(
      (await run()).map(({ id }) => id.split("/").at(-1)),
      ["example-dev-apply", "example-dev-preview"],
    );
  });

  it("trusts the pipeline in the environments of its host alone", async () => {
    await run();
    const trusted = made("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials").map(
      (body) => {
        const { subject } = body["properties"] as Record<string, string>;
        const identity = String(body["id"]).split("/").at(-3);
        return `${identity ?? ""}: ${subject ?? ""}`;
      },
    );
    assert.deepEqual(trusted, [
      "example-dev-apply: repo:example/platform:environment:dev",
      "example-dev-preview: repo:example/platform:environment:dev-preview",
      "example-dev-preview: repo:example/platform:environment:dev-drift",
    ]);
  });

  it("has no storage and no key where the state is elsewhere, and no identities without a pipeline", async () => {
    await run({ keepsState: false, pipeline: undefined });
    const types = double.model.ids.map((id) => double.model.find(id)?.["type"]);
    assert.deepEqual(types, [
      "Microsoft.Resources/resourceGroups",
      "Microsoft.KeyVault/vaults",
      "Microsoft.Authorization/locks",
      "Microsoft.Authorization/roleAssignments",
    ]);
  });

  it("is left as it is by a second run, which writes nothing", async () => {
    const first = await run();
    double.asked.length = 0;
    assert.deepEqual(await run(), first);
    assert.deepEqual(
      double.asked.filter((each) => !each.startsWith("GET ")),
      [],
    );
  });

  it("is made however slowly Azure and its directory learn of what was just made", async () => {
    double.model.lag = { unseen: 3, unfinished: 3 };
    double.model.directoryLag = 3;
    await run();
    assert.equal((await look(client, steps())).filter(({ state }) => state !== "there").length, 0);
  });

  for (const moment of ["before", "after"] as const) {
    it(`is the same after runs that were cut off at any request, ${moment} it was carried out`, async () => {
      await run();
      const whole = double.model.ids.map((id) => double.model.find(id)?.["name"]).sort();
      const count = double.asked.length;
      for (let requests = 0; requests < count; requests += 13) {
        double.model.clear();
        double.cutAfter = { requests, moment };
        await assert.rejects(run(), /can't be reached .*; run this again$/);
        double.cutAfter = undefined;
        await run();
        assert.deepEqual(double.model.ids.map((id) => double.model.find(id)?.["name"]).sort(), whole);
      }
    });
  }

  it("is recovered where the vault was deleted, and says so first", async () => {
    await run();
    const vault = double.model.ids.find((id) => /\/vaults\/[^/]+$/.test(id)) ?? "";
    const lock = double.model.ids.find((id) => id.includes("/locks/")) ?? "";
    double.model.delete(lock);
    double.model.delete(vault);
    const findings = await look(client, steps());
    assert.ok(describeFindings(findings).some((line) => line.includes("was deleted, and is recovered")));
    await perform(client, findings, silent);
    assert.ok(double.model.find(vault));
    assert.equal(double.model.deletedVaults.size, 0);
    assert.equal(properties("Microsoft.KeyVault/vaults")["createMode"], undefined);
  });

  it("stops where somebody else has the name, and says what to set", async () => {
    double.model.taken.add(steps()[4]?.id.split("/").at(-1) ?? "");
    await assert.rejects(
      run(),
      /409 VaultAlreadyExists: .*\n {2}remedy {4}set another name as terp:azure\.keep\.vault$/,
    );
  });

  it("stops where the person has no right, and says who has", async () => {
    double.model.denied.push(`/subscriptions/${azure.subscription}`);
    await assert.rejects(
      run(),
      /403 AuthorizationFailed: .*\n {2}remedy {4}sign in as an Owner of the subscription, and run this again$/,
    );
  });

  it("is waited for where the directory doesn't know a principal yet", async () => {
    const [writer] = await run();
    // More than it has been asked of it already.
    double.model.directoryLag = 20;
    const id = `/subscriptions/${azure.subscription}/providers/Microsoft.Authorization/roleAssignments/a`;
    await client.put(id, "2022-04-01", {
      properties: { principalId: writer?.principal, roleDefinitionId: "r" },
    });
    assert.ok(double.model.find(id));
  });

  it("takes a role for given that somebody gave under another name", async () => {
    await run();
    const id = double.model.ids.find((each) => each.includes("/roleAssignments/")) ?? "";
    const body = double.model.find(id) ?? {};
    double.model.delete(double.model.ids.find((each) => each.includes("/locks/")) ?? "");
    double.model.delete(id);
    double.model.put(id.replace(/[^/]+$/, "by-hand"), body);
    await run();
    assert.equal(double.model.find(id), undefined);
  });
});

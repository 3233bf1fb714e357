import { strict as assert } from "node:assert";

import { workloads } from "../../../infra/azure/workloads";
import { runInAzure, type MadeInAzure } from "../../support/azureRun";
import { customIn } from "../../support/platformRun";
import { resolve } from "../../support/resolve";

describe("the foundation in Azure", () => {
  let plainRun: Promise<MadeInAzure> | undefined;
  const plain = (): Promise<MadeInAzure> =>
    (plainRun ??= runInAzure({
      dns: { zone: "dev.example.org" },
      keep: { breakGlass: "the emergency group" },
      registry: "the registry",
    }));
  const inputsOf = async (name: string): Promise<any> => (await plain()).record.byName(name).inputs;

  describe("is private", () => {
    for (const store of ["logs", "backups"]) {
      it(`${store}: blobs are reached from the network alone, by identities alone`, async () => {
        const inputs = await inputsOf(`${store}-storage`);
        const expected = {
          publicNetworkAccess: "Disabled",
          networkRuleSet: { defaultAction: "Deny", bypass: "None" },
          allowBlobPublicAccess: false,
          allowSharedKeyAccess: false,
          allowCrossTenantReplication: false,
          isLocalUserEnabled: false,
          enableHttpsTrafficOnly: true,
          minimumTlsVersion: "TLS1_2",
        };
        assert.deepEqual(
          Object.fromEntries(Object.keys(expected).map((key) => [key, inputs[key] as unknown])),
          expected,
        );
        assert.equal((await inputsOf(`${store}-container`)).publicAccess, "None");
      });

      it(`${store}: has an address in the network, under its own name`, async () => {
        const { subnet, privateLinkServiceConnections } = await inputsOf(`${store}-endpoint`);
        assert.equal(subnet.id, "network-virtual-network-id/subnets/endpoints");
        assert.deepEqual(privateLinkServiceConnections, [
          { name: store, privateLinkServiceId: `${store}-storage-id`, groupIds: ["blob"] },
        ]);
        assert.deepEqual((await inputsOf(`${store}-endpoint-name`)).privateDnsZoneConfigs, [
          { name: "blob", privateDnsZoneId: "private-blob-id" },
        ]);
      });
    }

    it("applications' secrets are reached from the network, and from where the API server is", async () => {
      const { properties } = await inputsOf("secrets-vault");
      assert.deepEqual(properties.networkAcls, {
        bypass: "None",
        defaultAction: "Deny",
        ipRules: [{ value: "192.0.2.0/24" }],
      });
    });

    it("applications' secrets are reached from the network alone where the API server is private", async () => {
      const { record } = await runInAzure({}, { api: { kind: "private" } });
      const { properties } = record.byName("secrets-vault").inputs;
      assert.deepEqual([properties.publicNetworkAccess, properties.networkAcls.ipRules], ["Disabled", []]);
    });

    it("nothing in the network has a way out but by its one address", async () => {
      const { subnets } = await inputsOf("network-virtual-network");
      assert.deepEqual(
        subnets.map(({ name, addressPrefix, natGateway, defaultOutboundAccess }: any) => [
          name,
          addressPrefix,
          natGateway?.id,
          defaultOutboundAccess,
        ]),
        [
          ["nodes", "10.64.0.0/17", "network-nat-id", false],
          ["endpoints", "10.64.128.0/27", undefined, false],
        ],
      );
    });

    it("nobody but nodes reaches the stores' addresses", async () => {
      const { securityRules } = await inputsOf("network-endpoints");
      assert.deepEqual(
        securityRules.map(({ access, sourceAddressPrefix, destinationPortRange }: any) => [
          access,
          sourceAddressPrefix,
          destinationPortRange,
        ]),
        [
          ["Allow", "10.64.0.0/17", "443"],
          ["Deny", "*", "*"],
        ],
      );
    });
  });

  describe("keeps data", () => {
    const holders = ["backups-storage", "dns-zone", "logs-storage", "secrets-vault"];

    it("from being deleted by mistake: each holder is locked, and protected in the stack", async () => {
      const { record } = await plain();
      const locked = record.ofType("azure-native:authorization:ManagementLockByScope");
      assert.deepEqual(
        locked.map(({ inputs }) => `${String(inputs.scope)} ${String(inputs.level)}`).sort(),
        holders.map((name) => `${name}-id CanNotDelete`),
      );
      const kept = record.resources.filter(({ protect }) => protect).map(({ name }) => name);
      assert.deepEqual(
        kept.sort(),
        [
          ...holders,
          "aks-cluster",
          "backups-container",
          "dns-group",
          "group",
          "logs-container",
          "pool-general",
        ].sort(),
      );
    });

    it("no longer where the environment is disposable", async () => {
      const { record } = await runInAzure({ disposable: true, dns: { zone: "dev.example.org" } });
      assert.deepEqual(record.ofType("azure-native:authorization:ManagementLockByScope"), []);
      assert.deepEqual(
        record.resources.filter(({ protect }) => protect),
        [],
      );
    });

    it("for two weeks after it was deleted, and backups after they were overwritten", async () => {
      const { deleteRetentionPolicy, containerDeleteRetentionPolicy } = await inputsOf("logs-regret");
      const days = { enabled: true, days: 14 };
      assert.deepEqual([deleteRetentionPolicy, containerDeleteRetentionPolicy], [days, days]);
      assert.equal((await inputsOf("logs-regret")).isVersioningEnabled, false);
      assert.equal((await inputsOf("backups-regret")).isVersioningEnabled, true);
      const [rule] = (await inputsOf("backups-versions")).policy.rules;
      assert.deepEqual(rule.definition.actions, {
        version: { delete: { daysAfterCreationGreaterThan: 14 } },
      });
    });

    it("of applications' secrets from being purged, for 90 days", async () => {
      const { properties } = await inputsOf("secrets-vault");
      assert.deepEqual(
        [properties.enableSoftDelete, properties.enablePurgeProtection, properties.softDeleteRetentionInDays],
        [true, true, 90],
      );
      assert.equal(properties.enableRbacAuthorization, true);
    });

    it("as often as the settings say", async () => {
      const { record } = await runInAzure({ replication: "GZRS" });
      assert.equal(record.byName("logs-storage").inputs.sku.name, "Standard_GZRS");
    });
  });

  it("bears whose it is, and the settings' tags, on all that can have tags", async () => {
    const { record } = await runInAzure({
      tags: { "cost-centre": "4711" },
      dns: { zone: "dev.example.org" },
    });
    const untagged = new Set([
      ..."MaintenanceConfiguration BlobContainer BlobServiceProperties DiagnosticSetting FederatedIdentityCredential".split(
        " ",
      ),
      ..."ManagementLockByScope ManagementPolicy PrivateDnsZoneGroup RoleAssignment azure-native kubernetes".split(
        " ",
      ),
    ]);
    for (const { type, name, inputs } of customIn(record)) {
      if (untagged.has(type.split(":").at(-1) ?? "")) continue;
      assert.deepEqual(inputs.tags, { "cost-centre": "4711", "terp-environment": "dev" }, name);
    }
  });

  it("reports who read secrets, who deleted blobs and what was done in the cluster", async () => {
    const { record } = await plain();
    const reports = record
      .ofType("azure-native:monitor:DiagnosticSetting")
      .map(
        ({ name, inputs }) => `${name}: ${inputs.logs.map((log: any) => String(log.category)).join(", ")}`,
      );
    assert.deepEqual(reports.sort(), [
      "aks-diagnostics: kube-audit-admin, guard, cluster-autoscaler",
      "backups-diagnostics: StorageDelete",
      "keep-diagnostics: AuditEvent",
      "logs-diagnostics: StorageDelete",
      "secrets-diagnostics: AuditEvent",
    ]);
  });

  it("says where everything is", async () => {
    const { facts } = await plain();
    assert.deepEqual(await resolve(facts as object), {
      outgoingAddress: "203.0.113.7",
      nameServers: ["ns1.example.org."],
      dnsGroup: "the dns-group",
      logs: { account: "the logs-storage", container: "the logs-container" },
      backups: { account: "the backups-storage", container: "the backups-container" },
      clientIds: Object.fromEntries(
        Object.keys(workloads).map((name) => [name, `client of ${name}-identity`]),
      ),
    });
  });
});

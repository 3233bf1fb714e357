import { strict as assert } from "node:assert";

import type { PlatformConfig } from "../../../infra/config";
import { aksOnFoundation } from "../../../stacks/aks";
import { chartServices } from "../../../stacks/charts";
import { logStorage, writtenDns } from "../../../stacks/ownStores";
import { aConfig } from "../../support/aConfig";
import { anAksCluster, anAzure, azureAnswers, kubeconfigAnswer } from "../../support/azureRun";
import { recorder, type Recorder } from "../../support/recorder";
import { resolve } from "../../support/resolve";

const logs = {
  storage: { kind: "own", replicas: 3 },
  retention: { small: 7, medium: 14, large: 30, platform: 14 },
} as const;
const config: PlatformConfig = aConfig({
  cluster: anAksCluster(),
  azure: anAzure({ dns: { zone: "dev.example.org" } }),
  logs,
  dns: { kind: "own" },
  certificates: {
    issuer: { kind: "acme", server: "https://acme.example.org", email: "a@example.org", challenge: "dns01" },
  },
});

/** What the services of an environment on Azure are told of what it makes. */
interface Told {
  readonly record: Recorder;
  readonly storage: unknown;
  readonly dns: unknown;
}

async function told(): Promise<Told> {
  const record = recorder({ outputs: azureAnswers, call: kubeconfigAnswer });
  const { cluster, azure: settings } = config;
  assert.ok(cluster.kind === "aks" && settings !== undefined);
  const { handle, facts } = aksOnFoundation(config.environment, cluster, settings);
  const onFoundation = {
    handle,
    kubernetesVersion: "1.34",
    keyStore: { kind: "file", folder: "/keys" },
    exposure: { kind: "load-balancer", annotations: {} },
    azure: facts,
  } as const;
  chartServices(config, onFoundation, {
    options: { providers: [handle.provider] },
    authority: () => assert.fail("nothing here is signed by the private CA"),
  });
  const storage = await resolve(logStorage(logs, config, onFoundation));
  const dns = await resolve(writtenDns(config, onFoundation));
  await record.settled();
  return { record, storage, dns };
}

describe("what an environment on Azure makes for its services", () => {
  let made: Told;
  before(async () => {
    made = await told();
  });

  it("is where Loki keeps lines, as Loki's own identity", () => {
    assert.deepEqual(made.storage, {
      kind: "azure-blob",
      account: "exampletestlogscifl6ij3",
      container: "loki",
      clientId: "client of loki-identity",
      replicas: 3,
    });
  });

  it("is under the same names in Azure", () => {
    const inputs = (type: string, name: string): Record<string, unknown> =>
      made.record.resources.find((one) => one.type.endsWith(`:${type}`) && one.name === name)?.inputs ?? {};
    assert.deepEqual(
      [
        inputs("StorageAccount", "logs-storage")["accountName"],
        inputs("BlobContainer", "logs-container")["containerName"],
      ],
      ["exampletestlogscifl6ij3", "loki"],
    );
  });

  it("is the zone that is written, with an identity each for records and challenges", () => {
    assert.deepEqual(made.dns, {
      kind: "azure-dns",
      zones: ["dev.example.org"],
      tenant: "00000000-0000-0000-0000-000000000001",
      subscription: "00000000-0000-0000-0000-000000000002",
      resourceGroup: "the dns-group",
      identities: {
        records: "client of external-dns-identity",
        certificates: "client of cert-manager-identity",
      },
    });
  });

  it("tells external-dns whose group the zone is in", () => {
    const { data } = made.record.byName("ConfigMap/external-dns/azure").inputs as {
      data: Record<string, string>;
    };
    assert.deepEqual(JSON.parse(data["azure.json"] ?? ""), {
      tenantId: "00000000-0000-0000-0000-000000000001",
      subscriptionId: "00000000-0000-0000-0000-000000000002",
      resourceGroup: "the dns-group",
      useWorkloadIdentityExtension: true,
    });
  });

  it("has cert-manager answer challenges as its own identity", () => {
    const issuer = made.record.resources.find(({ name }) => name.startsWith("ClusterIssuer/"))?.inputs as {
      spec: { acme: { solvers: { dns01: { azureDNS: object } }[] } };
    };
    assert.deepEqual(issuer.spec.acme.solvers[0]?.dns01.azureDNS, {
      hostedZoneName: "dev.example.org",
      subscriptionID: "00000000-0000-0000-0000-000000000002",
      resourceGroupName: "the dns-group",
      environment: "AzurePublicCloud",
      managedIdentity: { clientID: "client of cert-manager-identity" },
    });
  });
});

describe("what a service is told where the stack makes nothing for it", () => {
  it("is what the settings say", () => {
    const storage = { kind: "volume", size: 10 } as const;
    assert.equal(logStorage({ ...logs, storage }, config, {}), storage);
    assert.equal(writtenDns(aConfig(), {}), undefined);
  });

  it("is nothing: a configuration that wants its own there has been refused", () => {
    assert.throws(() => logStorage(logs, aConfig(), {}), {
      message: "logs.storage.kind: expected a cluster of AKS with own",
    });
  });
});

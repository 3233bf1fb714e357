import { stringify } from "yaml";

import type { AksCluster } from "../../infra/config/aksSection";
import type { AzureConfig } from "../../infra/config/azureSection";
import { aksOnFoundation, type AzureFacts } from "../../stacks/aks";
import type { ClusterHandle } from "../../infra/cluster/handle";
import { recorder, type Recorded, type Recorder } from "./recorder";

/** The subscription of {@link anAzure}. */
export const subscription = "00000000-0000-0000-0000-000000000002";

/** The section `azure` with its defaults, and whole settings replaced. */
export function anAzure(changes: Partial<AzureConfig> = {}): AzureConfig {
  return {
    directory: "00000000-0000-0000-0000-000000000001",
    subscription,
    location: "westeurope",
    organisation: "example",
    keep: {},
    network: { range: "10.64.0.0/16", pods: "10.244.0.0/16", services: "10.96.0.0/16" },
    replication: "ZRS",
    diagnosticsDays: 30,
    tags: {},
    disposable: false,
    ...changes,
  };
}

/** A cluster of kind `aks` with its defaults and one pool, and whole settings replaced. */
export function anAksCluster(changes: Partial<AksCluster> = {}): AksCluster {
  return {
    kind: "aks",
    kubernetesVersion: "1.34",
    tier: "Standard",
    administrators: ["00000000-0000-0000-0000-00000000000a"],
    readers: { identities: [], groups: [] },
    api: { kind: "public", ranges: ["192.0.2.0/24"] },
    zones: [1, 2, 3],
    system: { size: "Standard_D2ads_v5", minimum: 1, maximum: 3 },
    pools: { general: { size: "Standard_D4ads_v5", minimum: 1, maximum: 6 } },
    maintenance: { day: "Sunday", hour: 1, hours: 6 },
    upgrades: "patch",
    replace: [],
    ...changes,
  };
}

/** What Azure answers, as far as the program reads it. */
export function azureAnswers({ type, name }: Recorded): Record<string, unknown> {
  switch (type.split(":").at(-1)) {
    case "ManagedCluster":
      return { name: "the cluster", oidcIssuerProfile: { issuerURL: "https://issuer.example.org/" } };
    case "UserAssignedIdentity":
      return { name, clientId: `client of ${name}`, principalId: `principal of ${name}` };
    case "PublicIPAddress":
      return { ipAddress: "203.0.113.7" };
    case "Zone":
      return { name: "the zone", nameServers: ["ns1.example.org."] };
    case "StorageAccount":
    case "BlobContainer":
    case "ResourceGroup":
    case "PrivateZone":
    case "PrivateEndpoint":
      return { name: `the ${name}` };
    default:
      return {};
  }
}

/** The kubeconfig that Azure gives a user. */
export const kubeconfigOfAzure = stringify({
  clusters: [
    {
      name: "theirs",
      cluster: { server: "https://api.example.org:443", "certificate-authority-data": "QQ==" },
    },
  ],
});

/** Azure's answer to who asks for a user's kubeconfig. */
export function kubeconfigAnswer(): Record<string, unknown> {
  return { kubeconfigs: [{ value: Buffer.from(kubeconfigOfAzure).toString("base64") }] };
}

/** What an environment in Azure asks of the engine, and what it gives. */
export interface MadeInAzure {
  readonly record: Recorder;
  readonly handle: ClusterHandle;
  readonly facts: AzureFacts;
}

/** Makes the environment `dev` with these settings under mocks. */
export async function runInAzure(
  azure: Partial<AzureConfig> = {},
  cluster: Partial<AksCluster> = {},
): Promise<MadeInAzure> {
  const record = recorder({
    outputs: azureAnswers,
    call: kubeconfigAnswer,
  });
  const made = aksOnFoundation("dev", anAksCluster(cluster), anAzure(azure));
  await record.settled();
  return { record, ...made };
}

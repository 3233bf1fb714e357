import { strict as assert } from "node:assert";

import { logsNamespace, lokiName } from "../../../components/logs/names";
import { workloads } from "../../../infra/azure/workloads";
import { runInAzure, subscription, type MadeInAzure } from "../../support/azureRun";

const roleNames: Readonly<Record<string, string>> = {
  "befefa01-2a29-4197-83a8-272ff33ce314": "DNS Zone Contributor",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
  "4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
  "f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
  "7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
  "4abbcc35-e782-43d8-92c5-2d3f1bd2253f": "Azure Kubernetes Service Cluster User Role",
};

/** Who may do what with what, a line for each. */
function rightsIn({ record }: MadeInAzure): string[] {
  return record
    .ofType("azure-native:authorization:RoleAssignment")
    .map(({ inputs }) => {
      const role = roleNames[String(inputs.roleDefinitionId).split("/").at(-1) ?? ""] ?? "?";
      return `${String(inputs.principalId)}: ${role} on ${String(inputs.scope)}`;
    })
    .sort();
}

describe("rights in Azure are given", () => {
  let plainRun: Promise<MadeInAzure> | undefined;
  const plain = (): Promise<MadeInAzure> =>
    (plainRun ??= runInAzure({
      dns: { zone: "dev.example.org" },
      keep: { breakGlass: "the emergency group" },
      registry: "the registry",
    }));

  it("one by one, each about one thing", async () => {
    const keep = `/subscriptions/${subscription}/resourceGroups/example-dev-keep/providers/Microsoft.KeyVault/vaults/example-de-keep-5wge5qva`;
    assert.deepEqual(rightsIn(await plain()), [
      "00000000-0000-0000-0000-00000000000a: Azure Kubernetes Service Cluster User Role on aks-cluster-id",
      "principal of backups-identity: Storage Blob Data Contributor on backups-container-id",
      "principal of cert-manager-identity: DNS Zone Contributor on dns-zone-id",
      "principal of control-plane: Managed Identity Operator on kubelet-id",
      "principal of control-plane: Network Contributor on network-virtual-network-id/subnets/nodes",
      "principal of external-dns-identity: DNS Zone Contributor on dns-zone-id",
      "principal of external-dns-identity: Reader on dns-group-id",
      "principal of external-secrets-identity: Key Vault Secrets User on secrets-vault-id",
      "principal of kubelet: AcrPull on the registry",
      "principal of loki-identity: Storage Blob Data Contributor on logs-container-id",
      `the emergency group: Key Vault Secrets User on ${keep}/secrets/platform`,
      `the emergency group: Key Vault Secrets User on ${keep}/secrets/private-ca`,
    ]);
  });

  it("to nobody for a zone, a registry or an emergency that the settings don't name", async () => {
    const rights = rightsIn(await runInAzure());
    assert.deepEqual(
      rights.filter((line) => /dns|registry|emergency|\/secrets\//.test(line)),
      [],
    );
  });

  it("under ids that follow from what they are for, so that each is there once", async () => {
    const ids = (await plain()).record
      .ofType("azure-native:authorization:RoleAssignment")
      .map(({ inputs }) => String(inputs.roleAssignmentName));
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("to service accounts of this cluster alone, and of no others", async () => {
    const { record } = await plain();
    const trusted = record
      .ofType("azure-native:managedidentity:FederatedIdentityCredential")
      .map(({ inputs }) =>
        [inputs.resourceName, inputs.issuer, inputs.subject, ...inputs.audiences].join(" "),
      );
    const issuer = "https://issuer.example.org/";
    const audience = "api://AzureADTokenExchange";
    assert.deepEqual(
      trusted.sort(),
      Object.entries(workloads)
        .map(
          ([name, { namespace, serviceAccount }]) =>
            `${name}-identity ${issuer} system:serviceaccount:${namespace}:${serviceAccount} ${audience}`,
        )
        .sort(),
    );
  });

  it("to Loki's account as the logs' own parts call it", () => {
    assert.deepEqual(workloads.loki, { namespace: logsNamespace, serviceAccount: lokiName });
  });
});

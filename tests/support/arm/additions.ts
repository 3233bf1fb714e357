import { randomUUID } from "node:crypto";

/** A JSON object. */
export type Body = Readonly<Record<string, unknown>>;

/** What of a resource decides what Azure adds to it. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly properties: Body;
  readonly tenant: string;
}

type Addition = (made: Made) => Body;

/** What Azure adds to the properties of resources of these types, as far as programs take it from there. */
const additions: Readonly<Record<string, Addition>> = {
  "Microsoft.ContainerRegistry/registries": ({ name }) => ({ loginServer: `${name}.azurecr.io` }),
  "Microsoft.ContainerService/managedClusters": ({ name, properties, tenant }) => ({
    currentKubernetesVersion: properties["kubernetesVersion"],
    fqdn: `${name}.hcp.example.azmk8s.io`,
    identityProfile: { kubeletidentity: { objectId: randomUUID(), clientId: randomUUID() } },
    oidcIssuerProfile: {
      ...(properties["oidcIssuerProfile"] as Body | undefined),
      issuerURL: `https://example.oic.prod-aks.azure.com/${tenant}/${randomUUID()}/`,
    },
  }),
  "Microsoft.KeyVault/vaults": ({ name }) => ({ vaultUri: `https://${name}.vault.azure.net/` }),
  "Microsoft.KeyVault/vaults/keys": ({ name }) => ({ keyUri: `https://vault.example/keys/${name}` }),
  "Microsoft.ManagedIdentity/userAssignedIdentities": ({ tenant }) => ({
    clientId: randomUUID(),
    principalId: randomUUID(),
    tenantId: tenant,
  }),
  "Microsoft.Network/dnsZones": () => ({ nameServers: ["ns1-01.azure-dns.com.", "ns2-01.azure-dns.net."] }),
  "Microsoft.Network/publicIPAddresses": () => ({ ipAddress: "192.0.2.44" }),
  "Microsoft.OperationalInsights/workspaces": () => ({ customerId: randomUUID() }),
  "Microsoft.Storage/storageAccounts": ({ name }) => ({
    primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
  }),
};

/** The properties that Azure adds when a resource is made. */
export function additionsTo(made: Made): Body {
  return { ...additions[made.type]?.(made), provisioningState: "Succeeded" };
}

import type { Kind } from "./sdk";
import type { ResourcePath } from "./paths";

/**
 * Inputs beside those of the id whose change needs a new resource, by kind; `[]` is any member of a list. From the official
 * plugin's own list (provider/pkg/gen/replacement.go, v3.28) and from the mutability that Azure's REST specifications state.
 */
const byKind: Readonly<Record<string, readonly string[]>> = {
  "authorization:RoleAssignment": ["principalId", "roleDefinitionId"],
  "containerservice:AgentPool": ["gpuInstanceProfile", "vmSize", "networkProfile.nodePublicIPTags"],
  "containerservice:ManagedCluster": [
    "diskEncryptionSetID",
    "dnsPrefix",
    "fqdnSubdomain",
    "linuxProfile",
    "nodeResourceGroup",
    "windowsProfile",
    ...[
      "dnsServiceIP",
      "networkDataplane",
      "networkMode",
      "networkPlugin",
      "networkPluginMode",
      "networkPolicy",
      "outboundType",
      "podCidr",
      "serviceCidr",
      "serviceCidrs",
    ].map((name) => `networkProfile.${name}`),
  ],
  "keyvault:Key": ["properties.kty", "properties.keySize", "properties.curveName"],
  "network:PrivateEndpoint": ["subnet"],
  "network:PublicIPAddress": ["publicIPAddressVersion", "publicIPPrefix", "sku"],
  "storage:StorageAccount": ["isHnsEnabled"],
};

/** All inputs of a kind whose change needs a new resource: those in its id, its place, and those that Azure can't change. */
export function replacingInputs(kind: Kind, { parameters }: ResourcePath): readonly string[] {
  return [
    ...parameters,
    ...(kind.inputs.includes("location") ? ["location"] : []),
    ...(byKind[`${kind.module}:${kind.name}`] ?? []),
  ];
}

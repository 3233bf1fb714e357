import type { PropertyMap } from "../server/values";
import type { Kind } from "./sdk";

/** Where resources of a kind lie. */
export interface ResourcePath {
  /** The id, with inputs in braces; `{subscriptionId}` is the provider's. */
  readonly template: string;
  /** Inputs that the id is made of, in its order. */
  readonly parameters: readonly string[];
  /** The input that is the resource's own name; absent where there is but one in its parent. */
  readonly name?: string | undefined;
  /** The only name there is in its parent, e.g. `default`. */
  readonly onlyName?: string | undefined;
  /** Whether it comes and goes with its parent: then it is changed, and neither made nor deleted. */
  readonly isPart: boolean;
}

const inGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/";
const account = "Microsoft.Storage/storageAccounts/{accountName}";
const identity = "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}";
const cluster = "Microsoft.ContainerService/managedClusters/{resourceName}";

/** Paths in a resource group, from Azure's REST reference: those of which the rule in {@link pathOf} would be wrong. */
const groupPaths: Readonly<Record<string, string>> = {
  "containerservice:AgentPool": `${cluster}/agentPools/{agentPoolName}`,
  "containerservice:MaintenanceConfiguration": `${cluster}/maintenanceConfigurations/{configName}`,
  "containerservice:ManagedCluster": cluster,
  "dns:RecordSet": "Microsoft.Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}",
  "dns:Zone": "Microsoft.Network/dnsZones/{zoneName}",
  "managedidentity:FederatedIdentityCredential": `${identity}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
  "managedidentity:UserAssignedIdentity": identity,
  "network:PublicIPAddress": "Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
  "network:PublicIPPrefix": "Microsoft.Network/publicIPPrefixes/{publicIpPrefixName}",
  "privatedns:PrivateZone": "Microsoft.Network/privateDnsZones/{privateZoneName}",
  "privatedns:VirtualNetworkLink":
    "Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}",
  "storage:BlobContainer": `${account}/blobServices/default/containers/{containerName}`,
  "storage:BlobServiceProperties": `${account}/blobServices/{blobServicesName}`,
  "storage:FileServiceProperties": `${account}/fileServices/{fileServicesName}`,
  "storage:ManagementPolicy": `${account}/managementPolicies/{managementPolicyName}`,
  "storage:StorageAccount": account,
};

/** Paths elsewhere. */
const otherPaths: Readonly<Record<string, string>> = {
  "authorization:ManagementLockAtResourceGroupLevel":
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Authorization/locks/{lockName}",
  "authorization:ManagementLockByScope": "{scope}/providers/Microsoft.Authorization/locks/{lockName}",
  "authorization:RoleAssignment":
    "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  "authorization:RoleDefinition":
    "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
  "monitor:DiagnosticSetting": "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
  "resources:ResourceGroup": "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
};

/** Inputs that can name but one thing. */
const onlyNames: Readonly<Record<string, string>> = {
  blobServicesName: "default",
  fileServicesName: "default",
  managementPolicyName: "default",
};

/** Kinds that come with their parents. */
const parts = new Set(["storage:BlobServiceProperties", "storage:FileServiceProperties"]);

/** Names of Azure's resource providers that aren't `Microsoft.` and the module's name with a capital letter. */
const namespaces: Readonly<Record<string, string>> = {
  applicationinsights: "Microsoft.Insights",
  containerregistry: "Microsoft.ContainerRegistry",
  containerservice: "Microsoft.ContainerService",
  dataprotection: "Microsoft.DataProtection",
  keyvault: "Microsoft.KeyVault",
  managedidentity: "Microsoft.ManagedIdentity",
  monitor: "Microsoft.Monitor",
  operationalinsights: "Microsoft.OperationalInsights",
  recoveryservices: "Microsoft.RecoveryServices",
};

/** Tokens of the kinds whose paths are known and not told by the rule. */
export const tabledKinds = [...Object.keys(groupPaths), ...Object.keys(otherPaths)].map(
  (key) => `azure-native:${key}`,
);

/**
 * Where resources of a kind lie: by the table above, else by the rule that most of Azure's paths follow, in which a resource's
 * type is its kind's name in the plural, and its parents are those inputs that end in `Name` and are no outputs.
 */
export function pathOf(kind: Kind): ResourcePath {
  const key = `${kind.module}:${kind.name}`;
  const grouped = groupPaths[key];
  const template = otherPaths[key] ?? (grouped === undefined ? guess(kind) : inGroup + grouped);
  const parameters = [...template.matchAll(/\{(\w+)\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "subscriptionId");
  const name = template.endsWith("}") ? parameters.at(-1) : undefined;
  const onlyName = name === undefined ? "default" : onlyNames[name];
  return { template, parameters, name, onlyName, isPart: parts.has(key) };
}

/** @returns undefined if a part of it isn't known yet. */
export function idOf(
  { template, parameters }: ResourcePath,
  inputs: PropertyMap,
  subscription: string,
): string | undefined {
  const values = new Map<string, string>([["subscriptionId", subscription]]);
  for (const name of parameters) {
    const value = inputs[name];
    if (typeof value !== "string") return undefined;
    values.set(name, value);
  }
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? "");
}

/**
 * The inputs that an id tells, for an import.
 *
 * @throws if it isn't an id of that kind.
 */
export function inputsIn({ template }: ResourcePath, id: string): PropertyMap {
  const names: string[] = [];
  const pattern = template
    .replaceAll(/[.$]/g, "\\$&")
    .replaceAll(/\{(\w+)\}/g, (_, name: string, at: number) => {
      names.push(name);
      // A scope has parts of its own.
      return at === 0 ? "(.+)" : "([^/]+)";
    });
  const found = new RegExp(`^${pattern}$`, "i").exec(id);
  if (!found) throw new Error(`${id}: expected an id like ${template}`);
  return Object.fromEntries(
    names
      .map((name, index) => [name, found[index + 1] ?? ""] as const)
      .filter(([name]) => name !== "subscriptionId"),
  );
}

function guess(kind: Kind): string {
  const names = kind.inputs.filter((input) => input.endsWith("Name") && !kind.outputs.has(input));
  const expected = `${kind.name}Name`.toLowerCase();
  const own =
    names.find((name) => name.toLowerCase() === expected) ??
    names.find((name) => !kind.required.includes(name) && name !== "resourceGroupName");
  const parents = names.filter(
    (name) => name !== own && name !== "resourceGroupName" && kind.required.includes(name),
  );
  const base = kind.inputs.includes("resourceGroupName")
    ? inGroup
    : kind.inputs.includes("scope")
      ? "{scope}/providers/"
      : "/subscriptions/{subscriptionId}/providers/";
  const namespace = namespaces[kind.module] ?? `Microsoft.${capital(kind.module)}`;
  const above = parents.map((name) => `/${plural(name.replace(/Name$/, ""))}/{${name}}`).join("");
  const type = plural(kind.name.charAt(0).toLowerCase() + kind.name.slice(1));
  return `${base}${namespace}${above}/${type}/${own === undefined ? "default" : `{${own}}`}`;
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/.test(word) ? `${word}es` : `${word}s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer";
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import type { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone";
import * as pulumi from "@pulumi/pulumi";

import { report } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";
import type { Network } from "./network";
import type { AzurePlace } from "./place";
import { privateEndpoint } from "./privateAccess";

/** What a store of blobs is made from. */
export interface BlobStoreArgs {
  readonly place: AzurePlace;
  readonly network: Network;
  readonly zone: PrivateZone;
  /** Resource id of the workspace to which it reports. */
  readonly workspace: pulumi.Input<string>;
  readonly accountName: string;
  readonly containerName: string;
  readonly replication: "LRS" | "ZRS" | "GRS" | "GZRS";
  /** Whether what is overwritten can be had back, as what is deleted can: for as long. */
  readonly hasVersions: boolean;
}

/** How long what was deleted or overwritten can be had back, in days. */
const regretDays = 14;

/**
 * A storage account with one container of blobs. It is reached from the network alone, by identities alone: it has no keys that
 * anybody could use.
 */
export class BlobStore extends pulumi.ComponentResource {
  declare readonly accountName: pulumi.Output<string>;
  declare readonly containerName: pulumi.Output<string>;
  /** Resource id of the container. */
  declare readonly container: pulumi.Output<string>;

  constructor(name: string, args: BlobStoreArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:azure:BlobStore", name, {}, options);
    const { resourceGroupName, location, tags, isKept } = args.place;
    const inside = { parent: this };
    const kept = { parent: this, protect: isKept };

    const account = new StorageAccount(
      `${name}-storage`,
      {
        accountName: args.accountName,
        resourceGroupName,
        location,
        tags,
        kind: "StorageV2",
        sku: { name: `Standard_${args.replication}` },
        accessTier: "Hot",
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        enableHttpsTrafficOnly: true,
        encryption: {
          keySource: "Microsoft.Storage",
          requireInfrastructureEncryption: true,
          services: { blob: { enabled: true, keyType: "Account" } },
        },
        isLocalUserEnabled: false,
        minimumTlsVersion: "TLS1_2",
        networkRuleSet: { defaultAction: "Deny", bypass: "None" },
        publicNetworkAccess: "Disabled",
      },
      kept,
    );
    const inAccount = { resourceGroupName, accountName: account.name };
    new BlobServiceProperties(
      `${name}-regret`,
      {
        ...inAccount,
        blobServicesName: "default",
        deleteRetentionPolicy: { enabled: true, days: regretDays },
        containerDeleteRetentionPolicy: { enabled: true, days: regretDays },
        isVersioningEnabled: args.hasVersions,
      },
      inside,
    );
    if (args.hasVersions) new ManagementPolicy(`${name}-versions`, { ...inAccount, ...oldVersions }, inside);
    const container = new BlobContainer(
      `${name}-container`,
      { ...inAccount, containerName: args.containerName, publicAccess: "None" },
      kept,
    );
    if (isKept) lockAgainstDeletion(name, account.id, inside);
    privateEndpoint(name, { ...args, service: "blob", store: account.id }, inside);
    report(
      name,
      {
        resource: pulumi.interpolate`${account.id}/blobServices/default`,
        categories: ["StorageDelete"],
        workspace: args.workspace,
      },
      inside,
    );
    this.accountName = account.name;
    this.containerName = container.name;
    this.container = container.id;
    this.registerOutputs();
  }
}

/** Versions would be kept, and paid for, for ever. */
const oldVersions = {
  managementPolicyName: "default",
  policy: {
    rules: [
      {
        name: "old-versions",
        type: "Lifecycle",
        enabled: true,
        definition: {
          filters: { blobTypes: ["blockBlob"] },
          actions: { version: { delete: { daysAfterCreationGreaterThan: regretDays } } },
        },
      },
    ],
  },
};

import { Vault } from "@pulumi/azure-native/keyvault/vault";
import type { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone";
import * as pulumi from "@pulumi/pulumi";

import { report } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";
import type { Network } from "./network";
import type { AzurePlace } from "./place";
import { privateEndpoint } from "./privateAccess";

/** What the vault for applications' secrets is made from. */
export interface SecretsVaultArgs {
  readonly place: AzurePlace;
  readonly network: Network;
  readonly zone: PrivateZone;
  /** Resource id of the workspace to which it reports. */
  readonly workspace: pulumi.Input<string>;
  readonly directory: string;
  /** The ranges from which people and pipelines reach it, beside the network. */
  readonly ranges: readonly string[];
}

/**
 * The vault from which External Secrets reads what applications need. It is another than the one with the platform's key: who reads
 * this one, the cluster among them, can't read that one.
 */
export class SecretsVault extends pulumi.ComponentResource {
  /** Resource id. */
  declare readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecretsVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:azure:SecretsVault", name, {}, options);
    const { names, resourceGroupName, location, tags, isKept } = args.place;
    const inside = { parent: this };

    const vault = new Vault(
      `${name}-vault`,
      {
        vaultName: names.secretsVault,
        resourceGroupName,
        location,
        tags,
        properties: {
          tenantId: args.directory,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: 90,
          enablePurgeProtection: true,
          publicNetworkAccess: args.ranges.length === 0 ? "Disabled" : "Enabled",
          networkAcls: {
            bypass: "None",
            defaultAction: "Deny",
            ipRules: args.ranges.map((value) => ({ value })),
          },
        },
      },
      { parent: this, protect: isKept, retainOnDelete: isKept },
    );
    if (isKept) lockAgainstDeletion(name, vault.id, inside);
    privateEndpoint(name, { ...args, service: "vault", store: vault.id }, inside);
    report(name, { resource: vault.id, categories: ["AuditEvent"], workspace: args.workspace }, inside);
    this.id = vault.id;
    this.registerOutputs();
  }
}

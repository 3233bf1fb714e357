import { Zone } from "@pulumi/azure-native/dns/zone";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";

import { lockAgainstDeletion } from "./lock";
import type { AzurePlace } from "./place";

/** What the platform's DNS zone is made from. */
export interface DnsZoneArgs {
  readonly place: Pick<AzurePlace, "names" | "location" | "tags" | "isKept">;
  readonly zone: string;
}

/**
 * The platform's DNS zone, in a group of its own: external-dns lists the zones of a group and mustn't be able to read anything
 * else for it.
 */
export class DnsZone extends pulumi.ComponentResource {
  /** Resource id of the zone. */
  declare readonly id: pulumi.Output<string>;
  /** Resource id of its group. */
  declare readonly group: pulumi.Output<string>;
  declare readonly groupName: pulumi.Output<string>;
  /** What the parent domain has to name in its NS record. */
  declare readonly nameServers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: DnsZoneArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:azure:DnsZone", name, {}, options);
    const { names, location, tags, isKept } = args.place;
    const kept = { parent: this, protect: isKept };
    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: `${names.resourceGroup}-dns`, location, tags },
      kept,
    );
    const zone = new Zone(
      `${name}-zone`,
      {
        zoneName: args.zone,
        resourceGroupName: group.name,
        location: "global",
        zoneType: "Public",
        tags,
      },
      kept,
    );
    if (isKept) lockAgainstDeletion(name, zone.id, { parent: this });
    this.id = zone.id;
    this.group = group.id;
    this.groupName = group.name;
    this.nameServers = zone.nameServers;
    this.registerOutputs();
  }
}

import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink";
import type * as pulumi from "@pulumi/pulumi";

import type { Network } from "./network";
import type { AzurePlace } from "./place";

/** A kind of store that has endpoints in the network. */
export type PrivateService = "blob" | "vault";

/** The zones in which Azure looks for endpoints (its documentation on private endpoints' DNS). */
const privateZones: Readonly<Record<PrivateService, string>> = {
  blob: "privatelink.blob.core.windows.net",
  vault: "privatelink.vaultcore.azure.net",
};

/** The zone in which the network finds one kind of store at its own addresses. */
export function privateZone(
  service: PrivateService,
  { place, network }: { readonly place: AzurePlace; readonly network: Network },
  options: pulumi.CustomResourceOptions,
): PrivateZone {
  const { resourceGroupName, tags } = place;
  const zone = new PrivateZone(
    `private-${service}`,
    { resourceGroupName, privateZoneName: privateZones[service], location: "global", tags },
    options,
  );
  new VirtualNetworkLink(
    `private-${service}-link`,
    {
      resourceGroupName,
      privateZoneName: zone.name,
      virtualNetworkLinkName: place.names.base,
      location: "global",
      virtualNetwork: { id: network.id },
      registrationEnabled: false,
      tags,
    },
    options,
  );
  return zone;
}

/**
 * An address in the network by which one store is reached.
 *
 * @param name of the store, in logical names.
 */
export function privateEndpoint(
  name: string,
  to: {
    readonly place: AzurePlace;
    readonly network: Network;
    readonly service: PrivateService;
    readonly zone: PrivateZone;
    /** Resource id of the store. */
    readonly store: pulumi.Input<string>;
  },
  options: pulumi.CustomResourceOptions,
): PrivateEndpoint {
  const { names, resourceGroupName, location, tags } = to.place;
  const endpoint = new PrivateEndpoint(
    `${name}-endpoint`,
    {
      resourceGroupName,
      location,
      tags,
      privateEndpointName: `${names.base}-${name}`,
      customNetworkInterfaceName: `${names.base}-${name}`,
      subnet: { id: to.network.endpoints },
      privateLinkServiceConnections: [{ name, privateLinkServiceId: to.store, groupIds: [to.service] }],
    },
    options,
  );
  new PrivateDnsZoneGroup(
    `${name}-endpoint-name`,
    {
      resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: to.service, privateDnsZoneId: to.zone.id }],
    },
    options,
  );
  return endpoint;
}

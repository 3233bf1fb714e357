import { NatGateway } from "@pulumi/azure-native/network/natGateway";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork";
import * as pulumi from "@pulumi/pulumi";

import type { AddressPlan } from "./addressPlan";
import type { AzurePlace } from "./place";

/** What a network is made from. */
export interface NetworkArgs {
  readonly place: AzurePlace;
  readonly plan: AddressPlan;
}

/**
 * An environment's network. Nothing in it has an address of its own in the Internet: what goes out goes through one NAT gateway,
 * whose address others may admit.
 */
export class Network extends pulumi.ComponentResource {
  /** Resource id. */
  declare readonly id: pulumi.Output<string>;
  /** Resource ids of its subnets; see {@link AddressPlan}. */
  declare readonly nodes: pulumi.Output<string>;
  declare readonly endpoints: pulumi.Output<string>;
  /** The address with which everything in the network goes out. */
  declare readonly outgoingAddress: pulumi.Output<string>;

  constructor(name: string, { place, plan }: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:azure:Network", name, {}, options);
    const { names, location, resourceGroupName, tags } = place;
    const where = { resourceGroupName, location, tags };
    const inside = { parent: this };

    const address = new PublicIPAddress(
      `${name}-outgoing`,
      {
        ...where,
        publicIpAddressName: `${names.base}-outgoing`,
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
      },
      inside,
    );
    const gateway = new NatGateway(
      `${name}-nat`,
      {
        ...where,
        natGatewayName: `${names.base}-nat`,
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: address.id }],
        idleTimeoutInMinutes: 10,
      },
      inside,
    );
    const guard = new NetworkSecurityGroup(
      `${name}-endpoints`,
      {
        ...where,
        networkSecurityGroupName: `${names.base}-endpoints`,
        securityRules: endpointRules(plan),
      },
      inside,
    );
    // Its subnets in one request with it: Azure refuses two changes of a network at a time.
    const network = new VirtualNetwork(
      `${name}-virtual-network`,
      {
        ...where,
        virtualNetworkName: names.base,
        addressSpace: { addressPrefixes: [plan.network] },
        subnets: [
          {
            name: "nodes",
            addressPrefix: plan.nodes,
            natGateway: { id: gateway.id },
            defaultOutboundAccess: false,
          },
          {
            name: "endpoints",
            addressPrefix: plan.endpoints,
            networkSecurityGroup: { id: guard.id },
            privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled",
            defaultOutboundAccess: false,
          },
        ],
      },
      inside,
    );
    this.id = network.id;
    this.nodes = pulumi.interpolate`${network.id}/subnets/nodes`;
    this.endpoints = pulumi.interpolate`${network.id}/subnets/endpoints`;
    this.outgoingAddress = address.ipAddress.apply((text) => text ?? "");
    this.registerOutputs();
  }
}

/** Who reaches the stores' endpoints: nodes and their pods, which leave a node with its address. */
function endpointRules(plan: AddressPlan): {
  name: string;
  priority: number;
  direction: string;
  access: string;
  protocol: string;
  sourceAddressPrefix: string;
  sourcePortRange: string;
  destinationAddressPrefix: string;
  destinationPortRange: string;
}[] {
  const incoming = { direction: "Inbound", sourcePortRange: "*", destinationAddressPrefix: plan.endpoints };
  return [
    {
      ...incoming,
      name: "nodes",
      priority: 100,
      access: "Allow",
      protocol: "Tcp",
      sourceAddressPrefix: plan.nodes,
      destinationPortRange: "443",
    },
    {
      ...incoming,
      name: "nobody-else",
      priority: 4096,
      access: "Deny",
      protocol: "*",
      sourceAddressPrefix: "*",
      destinationPortRange: "*",
    },
  ];
}

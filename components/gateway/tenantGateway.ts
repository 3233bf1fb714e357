import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, roleLabel, tenantLabel, type Ownership } from "../metadata";
import { hostsOf, listenerCertificate, type ListenerCertificates } from "./listenerCertificate";
import { httpsListeners } from "./listeners";
import { gatewayApi, gatewayNamespace } from "./names";

/** What a tenant's Gateway is made with, the same for all tenants. */
export interface GatewayAccess {
  /** What the GatewayClass is called. */
  readonly class: string;
  readonly certificates: ListenerCertificates;
}

export interface TenantGatewayArgs {
  /** The stack's name. */
  readonly environment: string;
  readonly tenant: string;
  /** The domains that it serves, each for itself and all below it. At least one. */
  readonly domains: readonly string[];
  readonly gateway: GatewayAccess;
}

/**
 * A tenant's Gateway, beside the gateway's pods: HTTPS for its domains, to which its namespaces' routes attach and nobody else's.
 *
 * One for each tenant rather than one for all: a Gateway has at most 64 listeners, a listener that is wrong takes nobody else's
 * with it, and removing a tenant removes an object rather than changing everybody's.
 */
export class TenantGateway extends pulumi.ComponentResource {
  /** What must be there before a route attaches. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: TenantGatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:gateway:TenantGateway", name, {}, options);
    const { tenant, domains, gateway } = args;
    const { certificates } = gateway;
    // The tenant's, so that it goes with it; in a namespace of the platform's, which it can't see.
    const owner: Ownership = { environment: args.environment, role: "gateway", tenant };
    const certificate = listenerCertificate(
      {
        owner,
        name: tenant,
        hosts: domains.flatMap((domain) => hostsOf(domain, certificates)),
        certificates,
      },
      { parent: this },
    );
    const listening = new kubernetes.apiextensions.CustomResource(
      logicalName("Gateway", tenant, gatewayNamespace),
      {
        apiVersion: gatewayApi,
        kind: "Gateway",
        metadata: metadata(owner, {
          name: tenant,
          namespace: gatewayNamespace,
          annotations: certificate.annotations,
        }),
        spec: {
          gatewayClassName: gateway.class,
          listeners: httpsListeners({
            domains,
            secret: certificate.secret,
            certificates,
            namespaces: { [tenantLabel]: tenant, [roleLabel]: "tenant" },
          }),
        },
      },
      { parent: this, dependsOn: [...certificate.ready] },
    );
    this.ready = [listening];
    this.registerOutputs();
  }
}

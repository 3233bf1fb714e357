/** Names that the gateway's parts and those who use it share. */

/** The gateway's own namespace: its pods, every Gateway, and the certificates that they serve with. */
export const gatewayNamespace = "gateway";
/** Name of the gateway's Deployment, Service and the like. */
export const gatewayName = "traefik";
/** The Gateway of the platform's own pages. Each tenant's is named as the tenant, which can't be this. */
export const platformGateway = "platform";
/** The Secret with a Gateway's certificate, in the gateway's namespace. */
export function listenerSecret(gateway: string): string {
  return `${gateway}-tls`;
}

/**
 * The Secret with a Gateway's certificate by the private CA where cert-manager may have made one for it before, which stays
 * cert-manager's. Not the {@link listenerSecret} of a Gateway of whatever name.
 */
export function privateListenerSecret(gateway: string): string {
  return `${gateway}-private-certificate`;
}

/** The API version of what is the Gateway API's. */
export const gatewayApi = "gateway.networking.k8s.io/v1";
/** Ports on which requests come, of Gateways' listeners and of pods alike: Traefik finds the one by the other. */
export const gatewayPorts = { http: 80, https: 443 } as const;

/** Below the platform's domain, the one under which each tenant has one of its own. */
export function tenantsDomain(domain: string): string {
  return `apps.${domain}`;
}

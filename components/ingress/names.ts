/** Names that ingress-nginx' parts and those who use it share. */

/** Its namespace, and its release. */
export const ingressNginxName = "ingress-nginx";
/** What tells its IngressClass from that of another ingress-nginx in the same cluster. */
export const ingressNginxController = "terp.dev/ingress-nginx";
/** Ports of its pods: requests, what the API server asks it before it takes an Ingress, and metrics. */
export const ingressNginxPorts = { http: 80, https: 443, webhook: 8443, metrics: 10254 } as const;
/** Labels by which its pods are found. */
export const ingressNginxLabels = {
  "app.kubernetes.io/name": ingressNginxName,
  "app.kubernetes.io/instance": ingressNginxName,
  "app.kubernetes.io/component": "controller",
} as const;

import { stringify } from "yaml";

import { gatewayNamespace } from "./names";

/** Where, inside its own pod, Traefik asks the API server. */
export const apiAccess = { entryPoint: "kubernetes", address: "127.0.0.1:8001" } as const;

/** Where the file of {@link apiAccessFile} is mounted. */
export const apiAccessFolder = "/etc/traefik";
export const apiAccessFileName = "dynamic.yaml";

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Traefik's way to the API server, as the file that its file provider reads.
 *
 * Its provider lists the Secrets and ConfigMaps of the whole cluster, or of every namespace with routes, and can't be told to do
 * otherwise (pkg/provider/kubernetes/gateway/client.go): what the internet talks to could read the platform's key. So it asks
 * by itself: a list of all is answered with those of the gateway's own namespace, where the certificates are, and its rights end there.
 * Everything else goes through as it is, with the credential that it came with.
 */
export function apiAccessFile(): string {
  const within = `/api/v1/namespaces/${gatewayNamespace}/`;
  const service = "kubernetes";
  const from = { entryPoints: [apiAccess.entryPoint], service };
  return stringify({
    http: {
      routers: {
        everything: { ...from, rule: "PathPrefix(`/`)", priority: 1 },
        narrowed: {
          ...from,
          rule: "Path(`/api/v1/secrets`) || Path(`/api/v1/configmaps`)",
          priority: 2,
          middlewares: ["narrow"],
        },
      },
      middlewares: {
        narrow: {
          replacePathRegex: { regex: "^/api/v1/(secrets|configmaps)$", replacement: `${within}$1` },
        },
      },
      services: {
        [service]: {
          loadBalancer: {
            servers: [
              {
                url: 'https://{{ env "KUBERNETES_SERVICE_HOST" }}:{{ env "KUBERNETES_SERVICE_PORT" }}',
              },
            ],
            serversTransport: service,
            passHostHeader: false,
          },
        },
      },
      serversTransports: {
        [service]: { serverName: "kubernetes.default.svc", rootCAs: [`${account}/ca.crt`] },
      },
    },
    // A host without a certificate gets no answer, rather than one under a name of nobody's.
    tls: { options: { default: { sniStrict: true, minVersion: "VersionTLS12" } } },
  });
}

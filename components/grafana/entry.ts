import type { Manifest } from "../manifest";
import { metadata, withoutAwait, type Ownership } from "../metadata";
import { grafanaName } from "./names";

/** How requests from outside come to a Grafana. */
export type GrafanaEntry =
  | {
      /** By a Gateway whose listener has a certificate for the host name. */
      readonly kind: "gateway";
      readonly gateway: { readonly name: string; readonly namespace: string };
    }
  | {
      /** By an Ingress, for which cert-manager has a certificate issued. */
      readonly kind: "ingress";
      readonly class: string;
      /** The ClusterIssuer. */
      readonly issuer: string;
    };

/** The port of a Grafana's Service. */
export const grafanaServicePort = 80;

/** The HTTPRoute or the Ingress that brings requests for a host name to the Grafana in a namespace. */
export function grafanaRoute(
  entry: GrafanaEntry,
  owner: Ownership,
  namespace: string,
  host: string,
): Manifest {
  switch (entry.kind) {
    case "gateway":
      return {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: metadata(owner, { name: grafanaName, namespace }),
        spec: {
          parentRefs: [entry.gateway],
          hostnames: [host],
          rules: [{ backendRefs: [{ name: grafanaName, port: grafanaServicePort }] }],
        },
      };
    case "ingress": {
      const annotations = { "cert-manager.io/cluster-issuer": entry.issuer };
      const backend = { service: { name: grafanaName, port: { number: grafanaServicePort } } };
      return {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        // It has an address when the controller has, which isn't this Grafana's affair.
        metadata: withoutAwait(metadata(owner, { name: grafanaName, namespace, annotations })),
        spec: {
          ingressClassName: entry.class,
          tls: [{ hosts: [host], secretName: `${grafanaName}-tls` }],
          rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
        },
      };
    }
  }
}

import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { at } from "../attacks/identities";

const gatewayApi = "gateway.networking.k8s.io/v1";
export const certificatesApi = "cert-manager.io/v1";

export const routesIn = (namespace: string): string => at(gatewayApi, "httproutes", namespace);
export const certificatesIn = (namespace: string): string => at(certificatesApi, "certificates", namespace);

/** A certificate for one host, in a Secret of its name. */
export function certificate(name: string, of: string, spec: object = {}): object {
  return {
    apiVersion: certificatesApi,
    kind: "Certificate",
    metadata: { name },
    spec: {
      secretName: name,
      dnsNames: [of],
      issuerRef: { kind: "ClusterIssuer", name: "terp" },
      ...spec,
    },
  };
}

/** A route to the example application. */
export function route(name: string, hostnames: readonly string[] | undefined, parent: string): object {
  return {
    apiVersion: gatewayApi,
    kind: "HTTPRoute",
    metadata: { name },
    spec: {
      parentRefs: [{ name: parent, namespace: "gateway" }],
      ...(hostnames && { hostnames }),
      rules: [{ backendRefs: [{ name: "podinfo", port: 80 }] }],
    },
  };
}

/** Why a route isn't attached to its Gateway, once Traefik has said so. */
export function refusalOf({ status }: KubeObject): string | undefined {
  const parents = (status["parents"] ?? []) as {
    conditions: { type: string; status: string; reason: string }[];
  }[];
  return parents.flatMap(({ conditions }) => conditions).find(({ type }) => type === "Accepted")?.reason;
}

import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { gatewayPorts } from "./names";
import { traefikLabels, type StatusAddress } from "./traefik";

/** How requests come in. */
export type Exposure =
  /** By a load balancer that the cluster's cloud makes. */
  | { readonly kind: "load-balancer"; readonly annotations: Readonly<Record<string, string>> }
  /** By ports of every node. */
  | { readonly kind: "node-port"; readonly http: number; readonly https: number }
  /** By a node's own address, on the gateway's own ports: the embedded node's. */
  | { readonly kind: "address"; readonly address: pulumi.Input<string> };

/** What a Gateway's status says of where it is reached. */
export function statusOf(exposure: Exposure): pulumi.Output<StatusAddress> {
  switch (exposure.kind) {
    case "load-balancer":
      return pulumi.output({ kind: "service" });
    case "node-port":
      return pulumi.output({ kind: "none" });
    case "address":
      return pulumi.output(exposure.address).apply((address): StatusAddress => ({ kind: "ip", address }));
  }
}

/** The Service's `spec`. The node that a request comes to answers it, so that the client's address is seen. */
export function serviceSpec(exposure: Exposure): types.input.core.v1.ServiceSpec {
  const ports = (["http", "https"] as const).map((name) => ({
    name,
    port: gatewayPorts[name],
    targetPort: name,
    ...(exposure.kind === "node-port" && { nodePort: exposure[name] }),
  }));
  const common = { externalTrafficPolicy: "Local", selector: { ...traefikLabels }, ports };
  switch (exposure.kind) {
    case "load-balancer":
      return { ...common, type: "LoadBalancer" };
    case "node-port":
      return { ...common, type: "NodePort" };
    case "address":
      return { ...common, type: "ClusterIP", externalIPs: [exposure.address] };
  }
}

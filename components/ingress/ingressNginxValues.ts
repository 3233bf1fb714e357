import type * as pulumi from "@pulumi/pulumi";

import { type ChartSource, imageFrom, imageText, type ImageName } from "../../infra/charts/chart";
import type { ChartValues } from "../helmRelease";
import { ingressNginxController, ingressNginxLabels, ingressNginxPorts } from "./names";

/** How requests come in: by a cloud's load balancer, by ports of every node, or by one node's own address. */
export type IngressExposure =
  | { readonly kind: "load-balancer"; readonly annotations: Readonly<Record<string, string>> }
  | { readonly kind: "node-port"; readonly http: number; readonly https: number }
  | { readonly kind: "address"; readonly address: pulumi.Input<string> };

/** What of ingress-nginx' values is decided here. */
export interface IngressNginxChoices {
  /** The IngressClass. */
  readonly class: string;
  readonly replicas: number;
  readonly exposure: IngressExposure;
  readonly source: ChartSource;
}

const image = (name: string): ImageName => ({
  registry: "registry.k8s.io",
  repository: `ingress-nginx/${name}`,
});

/**
 * ingress-nginx' values: https://github.com/kubernetes/ingress-nginx/tree/main/charts/ingress-nginx
 *
 * One controller serves all tenants, so nothing that one of them writes may become a part of nginx's configuration. Annotations for
 * snippets are off, and with them all that upstream calls a high or critical risk
 * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/); admission admits fewer still. What
 * an annotation may be is checked by its form, and an Ingress that nginx couldn't load is refused before it is taken.
 */
export function ingressNginxValues(choices: IngressNginxChoices): ChartValues {
  const { replicas, source } = choices;
  const imageOf = (name: string): ChartValues => ({ repository: imageText(imageFrom(image(name), source)) });
  return {
    controller: {
      image: imageOf("controller"),
      replicaCount: replicas,
      // The chart makes a budget where there is more than one.
      minAvailable: 1,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: ingressNginxLabels },
        },
      ],
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
      ingressClass: choices.class,
      ingressClassResource: { name: choices.class, default: false, controllerValue: ingressNginxController },
      watchIngressWithoutClass: false,
      allowSnippetAnnotations: false,
      enableAnnotationValidations: true,
      config: {
        "annotations-risk-level": "Medium",
        "allow-cross-namespace-resources": "false",
        "strict-validate-path-type": "true",
      },
      admissionWebhooks: {
        enabled: true,
        failurePolicy: "Fail",
        port: ingressNginxPorts.webhook,
        patch: { image: imageOf("kube-webhook-certgen") },
      },
      metrics: { enabled: true, port: ingressNginxPorts.metrics },
      service: serviceValues(choices.exposure),
    },
  };
}

/** The node that a request comes to answers it, so that the client's address is seen. */
function serviceValues(exposure: IngressExposure): ChartValues {
  const common = { externalTrafficPolicy: "Local" };
  switch (exposure.kind) {
    case "load-balancer":
      return { ...common, type: "LoadBalancer", annotations: exposure.annotations };
    case "node-port":
      return { ...common, type: "NodePort", nodePorts: { http: exposure.http, https: exposure.https } };
    case "address":
      return { ...common, type: "ClusterIP", externalIPs: [exposure.address] };
  }
}

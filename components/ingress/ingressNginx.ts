import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Chart, ChartSource } from "../../infra/charts/chart";
import { HelmRelease } from "../helmRelease";
import { logicalName, metadata, restrictedPods, roleLabel, type Ownership, type Role } from "../metadata";
import { tcp, type NetworkPolicySpec } from "../networkPolicy";
import { ingressNginxValues, type IngressExposure } from "./ingressNginxValues";
import { ingressNginxLabels, ingressNginxName, ingressNginxPorts } from "./names";

export interface IngressNginxArgs {
  /** The stack's name. */
  readonly environment: string;
  readonly chart: Chart;
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** How requests come in. */
  readonly exposure: IngressExposure;
  /**
   * What the IngressClass is called.
   *
   * @default "nginx"
   */
  readonly class?: string;
  /**
   * How many pods answer, spread over nodes.
   *
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Where charts and images are taken from.
   *
   * @default their publishers
   */
  readonly source?: ChartSource;
}

/** ingress-nginx by its chart, such that no tenant's Ingress tells it more than whose requests go where. */
export class IngressNginx extends pulumi.ComponentResource {
  /** What others wait for. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: IngressNginxArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:ingress:IngressNginx", name, {}, options);
    // Tenants' network policies let in what comes from a namespace of this role.
    const owner: Ownership = { environment: args.environment, role: "gateway" };
    const source = args.source ?? {};
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", ingressNginxName),
      {
        metadata: metadata(owner, {
          name: ingressNginxName,
          labels: restrictedPods(args.podSecurityVersion),
        }),
      },
      { parent: this },
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", ingressNginxName, ingressNginxName),
      {
        metadata: metadata(owner, { name: ingressNginxName, namespace: ingressNginxName }),
        spec: ingressNginxNetworkPolicy(),
      },
      { parent: this, dependsOn: [namespace] },
    );
    const release = new HelmRelease(
      `${name}-release`,
      {
        chart: args.chart,
        source,
        name: ingressNginxName,
        namespace: ingressNginxName,
        kubeconfig: args.kubeconfig,
        values: ingressNginxValues({
          class: args.class ?? "nginx",
          replicas: args.replicas ?? 2,
          exposure: args.exposure,
          source,
        }),
      },
      { parent: this, dependsOn: [namespace, policy] },
    );
    this.ready = release.ready;
    this.registerOutputs({});
  }
}

/**
 * Everybody may send requests, and the API server, which no policy can name, asks the webhook. Metrics name every tenant's hosts:
 * they are for what collects them.
 */
export function ingressNginxNetworkPolicy(): NetworkPolicySpec {
  const { http, https, webhook, metrics } = ingressNginxPorts;
  const collectors: Role = "collector";
  return {
    podSelector: { matchLabels: ingressNginxLabels },
    policyTypes: ["Ingress"],
    ingress: [
      { ports: tcp(http, https, webhook) },
      {
        from: [{ namespaceSelector: { matchLabels: { [roleLabel]: collectors } } }],
        ports: tcp(metrics),
      },
    ],
  };
}

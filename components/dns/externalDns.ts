import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Chart, ChartSource } from "../../infra/charts/chart";
import { HelmRelease } from "../helmRelease";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { azureSettings, externalDnsValues, type DnsProvider, type HostSource } from "./externalDnsValues";
import { azureConfigMap, externalDnsName } from "./names";

export interface ExternalDnsArgs {
  /** The stack's name: it owns the records. */
  readonly environment: string;
  readonly chart: Chart;
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  readonly provider: DnsProvider;
  /** The zones, by their names. Nothing outside of them is written. At least one. */
  readonly zones: readonly string[];
  /**
   * Whose host names get records.
   *
   * @default "ingress"
   */
  readonly hosts?: HostSource;
  /**
   * Where charts and images are taken from.
   *
   * @default their publishers
   */
  readonly source?: ChartSource;
}

/** external-dns by its chart: host names of applications get their records in the platform's zones. */
export class ExternalDns extends pulumi.ComponentResource {
  /** What others wait for. */
  readonly ready: pulumi.Resource;

  /** @throws if there is no zone: external-dns would write to every one that it has rights to. */
  constructor(name: string, args: ExternalDnsArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:dns:ExternalDns", name, {}, options);
    if (args.zones.length === 0)
      throw new Error(`external-dns: got no zones, expected one or more, such as "dev.example.org"`);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", externalDnsName),
      {
        metadata: metadata(owner, { name: externalDnsName, labels: restrictedPods(args.podSecurityVersion) }),
      },
      { parent: this },
    );
    const needed: pulumi.Resource[] = [namespace];
    if (args.provider.kind === "azure-dns")
      needed.push(
        new kubernetes.core.v1.ConfigMap(
          logicalName("ConfigMap", azureConfigMap, externalDnsName),
          {
            metadata: metadata(owner, { name: azureConfigMap, namespace: externalDnsName }),
            data: { "azure.json": azureSettings(args.provider) },
          },
          { parent: this, dependsOn: [namespace] },
        ),
      );
    const source = args.source ?? {};
    const release = new HelmRelease(
      `${name}-release`,
      {
        chart: args.chart,
        source,
        name: externalDnsName,
        namespace: externalDnsName,
        kubeconfig: args.kubeconfig,
        values: externalDnsValues({
          environment: args.environment,
          provider: args.provider,
          zones: args.zones,
          hosts: args.hosts ?? "ingress",
          source,
        }),
      },
      { parent: this, dependsOn: needed },
    );
    this.ready = release.ready;
    this.registerOutputs({});
  }
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Chart, ChartSource } from "../../infra/charts/chart";
import { HelmRelease } from "../helmRelease";
import { resourceOf } from "../manifest";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { certManagerValues } from "./certManagerValues";
import { clusterIssuer, type Issuer } from "./issuer";
import { certManagerNamespace, issuerName, privateCaSecret } from "./names";
import type { PrivateCa } from "./privateCa";

export interface CertManagerArgs {
  /** The stack's name. */
  readonly environment: string;
  readonly chart: Chart;
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  readonly issuer: Issuer;
  /** The private CA; given where it is the issuer. */
  readonly authority?: Pick<PrivateCa, "certificate" | "privateKey">;
  /**
   * Where charts and images are taken from.
   *
   * @default their publishers
   */
  readonly source?: ChartSource;
  /**
   * How many pods of each part.
   *
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Whether it makes the certificates of Gateways, whose definitions must be there before it starts.
   *
   * @default false
   */
  readonly gateways?: boolean;
  /**
   * The role that the service account takes on in AWS, by its ARN.
   *
   * @default none
   */
  readonly role?: string | undefined;
}

/** cert-manager by its chart, and one issuer for the whole cluster, which is there once cert-manager's webhook answers. */
export class CertManager extends pulumi.ComponentResource {
  /** What others wait for: the issuer, once it is ready. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: CertManagerArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:certificates:CertManager", name, {}, options);
    const { issuer, authority } = args;
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const within = { parent: this };
    if (issuer.kind === "private-ca" && authority === undefined)
      throw new Error("cert-manager: got no private CA, expected one because it is the issuer");

    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", certManagerNamespace),
      {
        metadata: metadata(owner, {
          name: certManagerNamespace,
          labels: restrictedPods(args.podSecurityVersion),
        }),
      },
      within,
    );
    const needed: pulumi.Resource[] = [namespace];
    if (issuer.kind === "private-ca" && authority !== undefined)
      needed.push(
        new kubernetes.core.v1.Secret(
          logicalName("Secret", privateCaSecret, certManagerNamespace),
          {
            metadata: metadata(owner, { name: privateCaSecret, namespace: certManagerNamespace }),
            type: "kubernetes.io/tls",
            stringData: { "tls.crt": authority.certificate, "tls.key": authority.privateKey },
          },
          { parent: this, dependsOn: [namespace] },
        ),
      );
    // By workload identity the pods are told by a label; the solver names the identity itself.
    const isAzure = issuer.kind === "acme" && issuer.solver.kind === "azure-dns";
    const release = new HelmRelease(
      `${name}-release`,
      {
        chart: args.chart,
        source: args.source ?? {},
        name: certManagerNamespace,
        namespace: certManagerNamespace,
        kubeconfig: args.kubeconfig,
        values: certManagerValues({
          source: args.source ?? {},
          replicas: args.replicas ?? 2,
          accountAnnotations: args.role === undefined ? {} : { "eks.amazonaws.com/role-arn": args.role },
          gateways: args.gateways ?? false,
          podLabels: isAzure ? { "azure.workload.identity/use": "true" } : {},
        }),
      },
      { parent: this, dependsOn: needed },
    );
    this.ready = resourceOf(logicalName("ClusterIssuer", issuerName), clusterIssuer(owner, issuer), {
      parent: this,
      dependsOn: [release.ready],
    });
    this.registerOutputs({});
  }
}

import * as pulumi from "@pulumi/pulumi";

import { type ChartSource, imageFrom, imageText } from "../../infra/charts/chart";
import type { ChartValues } from "../helmRelease";
import { azureConfigMap, externalDnsName } from "./names";

/** Where records are written, and by which rights. */
export type DnsProvider =
  | {
      readonly kind: "azure-dns";
      readonly tenant: string;
      readonly subscription: string;
      readonly resourceGroup: pulumi.Input<string>;
      /** The managed identity's client id. */
      readonly identity: pulumi.Input<string>;
    }
  /** @param role The role that the service account takes on, by its ARN. */
  | { readonly kind: "route53"; readonly region: string; readonly role: string };

/** Whose host names get records: those of Ingresses, or of the Gateway API's HTTPRoutes. */
export type HostSource = "ingress" | "gateway-httproute";

/** What of external-dns' values is decided here. */
export interface ExternalDnsChoices {
  readonly environment: string;
  readonly provider: DnsProvider;
  readonly zones: readonly string[];
  readonly hosts: HostSource;
  readonly source: ChartSource;
}

const image = { registry: "registry.k8s.io", repository: "external-dns/external-dns" };

/**
 * external-dns' values: https://kubernetes-sigs.github.io/external-dns/
 *
 * Each record has one of type TXT beside it that names its owner, which is the environment and not the cluster: so a cluster that
 * was made again changes and deletes what the former one wrote, and no other environment does. Host names in annotations are
 * ignored, because admission bounds none but those of Ingresses and routes. The pod has its service account's annotations too:
 * clouds give a pod its rights when it is made, so other ones take another pod.
 */
export function externalDnsValues(choices: ExternalDnsChoices): ChartValues {
  const { provider } = choices;
  return {
    image: { repository: imageText(imageFrom(image, choices.source)) },
    provider: { name: provider.kind === "azure-dns" ? "azure" : "aws" },
    sources: [choices.hosts],
    domainFilters: choices.zones,
    policy: "sync",
    registry: "txt",
    txtOwnerId: `terp-${choices.environment}`,
    logFormat: "json",
    // It doesn't start without a template for what has no host, if it is to ignore annotations: that one is in no zone.
    extraArgs: ["--ignore-hostname-annotation", "--fqdn-template=without-host.invalid"],
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    ...(provider.kind === "azure-dns" ? forAzure(provider) : forRoute53(provider)),
  };
}

/** https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/azure/ (workload identity) */
function forAzure({ identity }: Extract<DnsProvider, { kind: "azure-dns" }>): ChartValues {
  const annotations = { "azure.workload.identity/client-id": identity };
  return {
    serviceAccount: {
      name: externalDnsName,
      labels: { "azure.workload.identity/use": "true" },
      annotations,
    },
    podAnnotations: annotations,
    podLabels: { "azure.workload.identity/use": "true" },
    extraVolumes: [{ name: "azure", configMap: { name: azureConfigMap } }],
    extraVolumeMounts: [{ name: "azure", mountPath: "/etc/kubernetes", readOnly: true }],
  };
}

/** https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/ (roles of service accounts) */
function forRoute53({ region, role }: Extract<DnsProvider, { kind: "route53" }>): ChartValues {
  const annotations = { "eks.amazonaws.com/role-arn": role };
  return {
    serviceAccount: { name: externalDnsName, annotations },
    podAnnotations: annotations,
    env: [{ name: "AWS_DEFAULT_REGION", value: region }],
  };
}

/** The file `azure.json` that external-dns reads on Azure. Nothing in it is secret. */
export function azureSettings({
  tenant,
  subscription,
  resourceGroup,
}: Extract<DnsProvider, { kind: "azure-dns" }>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    tenantId: tenant,
    subscriptionId: subscription,
    resourceGroup,
    useWorkloadIdentityExtension: true,
  });
}

import * as pulumi from "@pulumi/pulumi";

import { CertManager } from "../components/certificates/certManager";
import { certManagerNamespace } from "../components/certificates/names";
import { ExternalDns } from "../components/dns/externalDns";
import type { DnsProvider } from "../components/dns/externalDnsValues";
import { externalDnsName } from "../components/dns/names";
import { ingressNginxName } from "../components/ingress/names";
import type { ReleaseNamespace } from "../components/readers";
import type { PlatformConfig } from "../infra/config";
import type { Chart, ChartSource } from "../infra/charts/chart";
import { requireCharts } from "../infra/charts/reach";
import { inHome } from "../infra/home";
import { charts } from "../infra/versions";
import type { PlatformCluster } from "./cluster";
import { ingressNginx } from "./ingress";
import { issuerFrom } from "./issuer";
import { type WrittenDns, writtenDns } from "./ownStores";
import type { Services } from "./services";

/**
 * Looks whether the charts that a configuration asks for can be had: first of all, and in a preview too.
 *
 * @throws RunError if one can't.
 */
export async function lookForCharts(config: PlatformConfig): Promise<void> {
  const wanted = chartsFor(config);
  if (wanted.length > 0) await requireCharts(wanted, sourceIn(config));
}

/** The charts that a configuration asks for. */
export function chartsFor({ certificates, dns, ingress }: PlatformConfig): readonly Chart[] {
  return [
    ...(certificates ? [charts.certManager] : []),
    ...(dns ? [charts.externalDns] : []),
    ...(ingress.kind === "nginx" ? [charts.ingressNginx] : []),
  ];
}

/**
 * The services that are official charts: none but those that the configuration asks for.
 *
 * @returns where they are.
 */
export function chartServices(
  config: PlatformConfig,
  cluster: Pick<PlatformCluster, "handle" | "kubernetesVersion" | "exposure" | "azure">,
  {
    options,
    gateway,
    authority,
    issuerAuthority,
  }: Pick<Services, "options" | "authority"> &
    Partial<Pick<Services, "gateway">> & { readonly issuerAuthority?: string | undefined },
): ReleaseNamespace[] {
  const { environment, certificates } = config;
  const dns = writtenDns(config, cluster);
  const common = {
    environment,
    source: sourceIn(config),
    kubeconfig: cluster.handle.kubeconfig,
    podSecurityVersion: `v${cluster.kubernetesVersion}`,
  };
  const releases: ReleaseNamespace[] = [];
  const nginx = ingressNginx(config, { ...common, cluster }, options);
  if (nginx !== undefined) releases.push({ namespace: ingressNginxName, ready: nginx.ready });
  if (certificates !== undefined) {
    const role = dns?.kind === "route53" ? dns.roles.certificates : undefined;
    const { ready } = new CertManager(
      "cert-manager",
      {
        ...common,
        chart: charts.certManager,
        gateways: gateway !== undefined,
        issuer: issuerFrom(config.ingress, certificates, { dns, authority: issuerAuthority }),
        role,
        // The embedded cluster has one node, which two pods of a part would go down with.
        ...(config.cluster.kind === "local" && { replicas: 1 }),
        ...(certificates.issuer.kind === "private-ca" && { authority: authority() }),
      },
      pulumi.mergeOptions(options, { dependsOn: [...(gateway?.ready ?? [])] }),
    );
    releases.push({ namespace: certManagerNamespace, ready });
  }
  if (dns !== undefined) {
    const { ready } = new ExternalDns(
      "external-dns",
      {
        ...common,
        chart: charts.externalDns,
        zones: dns.zones,
        provider: providerFrom(dns),
        hosts: config.ingress.kind === "gateway" ? "gateway-httproute" : "ingress",
      },
      options,
    );
    releases.push({ namespace: externalDnsName, ready });
  }
  return releases;
}

function sourceIn({ charts: { caFile, ...source } }: PlatformConfig): ChartSource {
  return { ...source, ...(caFile !== undefined && { caFile: inHome(caFile) }) };
}

function providerFrom(dns: WrittenDns): DnsProvider {
  if (dns.kind === "route53") return { kind: dns.kind, region: dns.region, role: dns.roles.records };
  const { tenant, subscription, resourceGroup, identities } = dns;
  return { kind: dns.kind, tenant, subscription, resourceGroup, identity: identities.records };
}

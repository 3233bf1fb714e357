import { CertManager } from "../components/certificates/certManager";
import type { Issuer, Solver } from "../components/certificates/issuer";
import { ExternalDns } from "../components/dns/externalDns";
import type { DnsProvider } from "../components/dns/externalDnsValues";
import type { CertificatesConfig, DnsConfig, PlatformConfig } from "../infra/config";
import type { Chart, ChartSource } from "../infra/charts/chart";
import { requireCharts } from "../infra/charts/reach";
import { inHome } from "../infra/home";
import { forStack } from "../infra/keys/store";
import { charts } from "../infra/versions";
import { privateCa } from "./certificates";
import type { PlatformCluster } from "./cluster";
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
export function chartsFor({ certificates, dns }: PlatformConfig): readonly Chart[] {
  return [...(certificates ? [charts.certManager] : []), ...(dns ? [charts.externalDns] : [])];
}

/** The services that are official charts: none but those that the configuration asks for. */
export function chartServices(config: PlatformConfig, cluster: PlatformCluster, services: Services): void {
  const { environment, certificates, dns } = config;
  const common = {
    environment,
    source: sourceIn(config),
    kubeconfig: cluster.handle.kubeconfig,
    podSecurityVersion: `v${cluster.kubernetesVersion}`,
  };
  const { options } = services;
  if (certificates !== undefined) {
    const place = {
      environment,
      store: forStack(cluster.keyStore, environment),
      isKept: config.cluster.kind !== "local",
    };
    const role = dns?.kind === "route53" ? dns.roles.certificates : undefined;
    new CertManager(
      "cert-manager",
      {
        ...common,
        chart: charts.certManager,
        issuer: issuerFrom(config, certificates),
        role,
        ...(certificates.issuer.kind === "private-ca" && { authority: privateCa(place, options) }),
      },
      options,
    );
  }
  if (dns !== undefined)
    new ExternalDns(
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
}

function sourceIn({ charts: { caFile, ...source } }: PlatformConfig): ChartSource {
  return { ...source, ...(caFile !== undefined && { caFile: inHome(caFile) }) };
}

function issuerFrom({ dns, ingress }: PlatformConfig, { issuer }: CertificatesConfig): Issuer {
  if (issuer.kind === "private-ca") return issuer;
  const { server, email, challenge } = issuer;
  // Without an entry of ours somebody else's has the usual name.
  const ingressClass = ingress.kind === "nginx" ? ingress.class : "nginx";
  const solver: Solver = challenge === "http01" ? { kind: challenge, ingressClass } : solverFrom(dns);
  return { kind: "acme", server, email, solver };
}

function solverFrom(dns: DnsConfig | undefined): Solver {
  // The configuration's own checks admit neither.
  const missing = new Error("certificates.issuer.challenge dns01: expected dns with who answers challenges");
  if (dns === undefined) throw missing;
  if (dns.kind === "route53") return { kind: dns.kind, zones: dns.zones, region: dns.region };
  const { zones, subscription, resourceGroup, identities } = dns;
  if (identities.certificates === undefined) throw missing;
  return { kind: dns.kind, zones, subscription, resourceGroup, identity: identities.certificates };
}

function providerFrom(dns: DnsConfig): DnsProvider {
  if (dns.kind === "route53") return { kind: dns.kind, region: dns.region, role: dns.roles.records };
  const { tenant, subscription, resourceGroup, identities } = dns;
  return { kind: dns.kind, tenant, subscription, resourceGroup, identity: identities.records };
}

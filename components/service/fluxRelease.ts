import { createHash } from "node:crypto";

import { reconcilerAccount } from "../flux/names";
import type { Manifest } from "../manifest";
import { chartValues, namespaceOf, type Service } from "./service";

/** The Git reference that a revision names: https://fluxcd.io/flux/components/source/gitrepositories/#reference */
function reference(revision: string): object {
  if (/^[0-9a-f]{40}$/.test(revision)) return { commit: revision };
  return revision.startsWith("refs/") ? { name: revision } : { tag: revision };
}

/** What the source of a service's chart is called: services with the same chart share it. */
function sourceName({ chart }: Service): string {
  const text = JSON.stringify([chart.url, chart.revision, chart.secret]);
  return `chart-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

/** Where Flux gets a service's chart from. */
export function chartSource(service: Service): Manifest {
  const { url, revision, secret } = service.chart;
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: sourceName(service), namespace: namespaceOf(service) },
    spec: {
      url,
      ref: reference(revision),
      interval: "10m",
      ...(secret !== undefined && { secretRef: { name: secret } }),
    },
  };
}

/** What has Flux install a service, with the tenant's own rights, in the tenant's own namespace. */
export function serviceRelease(service: Service): Manifest {
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: service.service.name, namespace: namespaceOf(service) },
    spec: {
      interval: "10m",
      timeout: "10m",
      releaseName: service.service.name,
      serviceAccountName: reconcilerAccount,
      chart: {
        spec: {
          chart: `./${service.chart.path}`,
          sourceRef: { kind: "GitRepository", name: sourceName(service) },
          reconcileStrategy: "Revision",
          interval: "10m",
        },
      },
      // The first start of a database takes its time; an upgrade that fails is taken back.
      install: { remediation: { retries: 2 } },
      upgrade: { remediation: { retries: 2, remediateLastFailure: true } },
      values: chartValues(service),
    },
  };
}

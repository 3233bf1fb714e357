import * as pulumi from "@pulumi/pulumi";

import { IngressNginx } from "../components/ingress/ingressNginx";
import type { ChartSource } from "../infra/charts/chart";
import type { PlatformConfig } from "../infra/config";
import { charts } from "../infra/versions";
import type { PlatformCluster } from "./cluster";

/** What each run says of it, and where a way on is described. */
export const nginxNotice =
  "ingress-nginx: its publishers retired it in March 2026 and mend no more faults of it, those of its security included. " +
  "The Gateway API is one word away, ingress.kind gateway: docs/gateway.md leads there, and docs/ingress-nginx.md says what is at stake";

/** What ingress-nginx needs of the platform. */
export interface IngressPlace {
  readonly source: ChartSource;
  readonly podSecurityVersion: string;
  readonly cluster: Pick<PlatformCluster, "handle" | "exposure">;
}

/** ingress-nginx, where the configuration has it; with a warning in the run. */
export function ingressNginx(
  { environment, ingress }: PlatformConfig,
  { source, podSecurityVersion, cluster }: IngressPlace,
  options: pulumi.ComponentResourceOptions,
): IngressNginx | undefined {
  if (ingress.kind !== "nginx") return undefined;
  const made = new IngressNginx(
    "ingress-nginx",
    {
      environment,
      source,
      podSecurityVersion,
      kubeconfig: cluster.handle.kubeconfig,
      chart: charts.ingressNginx,
      class: ingress.class,
      replicas: ingress.replicas,
      exposure: ingress.service ?? cluster.exposure,
    },
    options,
  );
  void pulumi.log.warn(nginxNotice, made);
  return made;
}

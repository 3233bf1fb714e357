import type * as pulumi from "@pulumi/pulumi";

import { CountedKinds } from "../components/tenant/countedKinds";
import { reconciledKinds, routeKinds } from "../components/tenant/sizes";
import type { PlatformConfig } from "../infra/config";
import type { PlatformCluster } from "./cluster";

/**
 * Waits until tenants' quotas count the kinds that the services brought. Not in the embedded cluster, which looks at each quota
 * every ten seconds: a first start there needs none of these kinds.
 */
export function countedKinds(
  { cluster: { kind }, ingress }: Pick<PlatformConfig, "cluster" | "ingress">,
  { handle }: Pick<PlatformCluster, "handle">,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  if (kind === "local") return [];
  const kinds = [...reconciledKinds, ...(ingress.kind === "gateway" ? routeKinds : [])];
  return [new CountedKinds("counted-kinds", { kubeconfig: handle.kubeconfig, kinds }, options)];
}

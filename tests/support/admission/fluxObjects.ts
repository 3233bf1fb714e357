import { withSpec, type Attempt } from "./attempt";

const api = "source.toolkit.fluxcd.io/v1";
/** Where a chart lies. */
export const charts = { kind: "GitRepository", name: "app" };
/** Flux's objects as they are admitted, but for what a test writes otherwise. */
export const git = (more: Record<string, unknown> = {}): Attempt["object"] =>
  withSpec(api, "GitRepository")({ url: "https://git.example.nl/blue/app", interval: "1m", ...more });
export const oci = (more: Record<string, unknown> = {}): Attempt["object"] =>
  withSpec(api, "OCIRepository")({ url: "oci://registry.example.nl/blue/app", interval: "1m", ...more });
export const helm = (more: Record<string, unknown> = {}): Attempt["object"] =>
  withSpec(api, "HelmRepository")({ url: "https://git.example.nl/blue/charts/", interval: "1m", ...more });
export const kustomization = (
  more: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
): Attempt["object"] =>
  withSpec("kustomize.toolkit.fluxcd.io/v1", "Kustomization")(
    {
      sourceRef: { kind: "GitRepository", name: "app" },
      interval: "10m",
      prune: true,
      serviceAccountName: "reconciler",
      ...more,
    },
    metadata,
  );
export const release = (more: Record<string, unknown> = {}): Attempt["object"] =>
  withSpec(
    "helm.toolkit.fluxcd.io/v2",
    "HelmRelease",
  )({
    interval: "10m",
    serviceAccountName: "reconciler",
    chart: { spec: { chart: "app", sourceRef: charts, reconcileStrategy: "Revision" } },
    ...more,
  });
export const chart = withSpec(
  api,
  "HelmChart",
)({
  chart: "app",
  interval: "1m",
  sourceRef: charts,
});

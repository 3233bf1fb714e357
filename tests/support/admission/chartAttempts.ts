import { by, type Attempt } from "./attempt";
import { chart, charts, release } from "./fluxObjects";
import { account } from "./world";

const reconcilers = by("reconcilers");

/** Where a tenant's charts may not come from, and who may not make the objects that Flux makes for them. */
export const chartAttempts: readonly Attempt[] = [
  ...(
    [
      [
        "a Helm repository, whose charts' places are easily guessed",
        { chart: { spec: { chart: "app", sourceRef: { kind: "HelmRepository", name: "app" } } } },
      ],
      ["a Bucket", { chart: { spec: { chart: "app", sourceRef: { kind: "Bucket", name: "app" } } } }],
      [
        "its repository by the chart's version alone",
        { chart: { spec: { chart: "app", sourceRef: charts, reconcileStrategy: "ChartVersion" } } },
      ],
      ["a HelmChart that is there", { chart: undefined, chartRef: { kind: "HelmChart", name: "app" } }],
    ] as const
  ).map(([place, more]): Attempt => ({
    what: `release a chart from ${place}`,
    object: release(more),
    denied: reconcilers(
      "a chart comes from a GitRepository with reconcileStrategy: Revision, or by chartRef",
    ),
  })),
  ...(
    [
      ["another tenant's helm-controller", account("terp-tenant-red", "helm-controller")],
      ["a helm-controller of its own making", account("blue-app", "helm-controller")],
      ["a robot called so", account("terp-tenant-blue", "robot-helm-controller")],
    ] as const
  ).map(([who, as]): Attempt => ({
    what: `have a HelmChart made by ${who}`,
    object: chart,
    as,
    denied: by("kinds")("HelmChart isn't a tenant's to write: write a HelmRelease with spec.chart"),
  })),
];

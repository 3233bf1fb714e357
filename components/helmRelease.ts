import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type Chart, type ChartSource, placeOf } from "../infra/charts/chart";
import { DynamicResource, providerFrom } from "../infra/dynamic";
import { logicalName } from "./metadata";

/** A chart's values: texts, numbers and the like. A secret has no place among them; see {@link HelmRelease}. */
export type ChartValues = { readonly [name: string]: ChartValue | undefined };
type ChartValue = pulumi.Input<string | number | boolean | null> | readonly ChartValue[] | ChartValues;

export interface HelmReleaseArgs {
  readonly chart: Chart;
  /** Where charts are taken from. */
  readonly source: ChartSource;
  /** The release's name, by which Helm knows it in its namespace. */
  readonly name: string;
  /** A namespace of the platform's, which exists: what Helm has there under that name is taken over. */
  readonly namespace: string;
  readonly values: ChartValues;
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /**
   * How long Helm waits until everything is ready, in seconds.
   *
   * @default 600
   */
  readonly seconds?: number;
}

/**
 * A release of an official chart: whole with its hooks, waited for until its pods and jobs are ready.
 *
 * A run that was killed leaves Helm's record of the release in the middle, from which Helm refuses to go on. The next run marks
 * that as failed and upgrades, or installs again; what is there already is kept. A release that only a lost state knew is taken
 * over in the same way.
 *
 * Values are kept in clear by Helm, for who may read Secrets of the namespace, and printed by previews: a secret among them is
 * refused. Put it into a Secret and give the chart its name.
 */
export class HelmRelease extends pulumi.ComponentResource {
  /** What others wait for: the release, once everything in it is ready. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: HelmReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:helm:HelmRelease", name, {}, options);
    const { namespace, source } = args;
    const records = new ReleaseRecords(
      logicalName("ReleaseRecords", args.name, namespace),
      { kubeconfig: args.kubeconfig, namespace, release: args.name },
      { parent: this },
    );
    const { chart, repository } = placeOf(args.chart, source);
    const release = new kubernetes.helm.v3.Release(
      logicalName("Release", args.name, namespace),
      {
        name: args.name,
        namespace,
        chart,
        version: args.chart.version,
        repositoryOpts: {
          ...(repository !== undefined && { repo: repository }),
          ...(source.caFile !== undefined && { caFile: source.caFile }),
        },
        values: withoutSecrets(`${namespace}/${args.name}`, args.values),
        // A repaired release is upgraded even where nothing else has changed.
        description: records.repair,
        // Under the name of one that failed, which an interrupted installation is.
        replace: true,
        waitForJobs: true,
        timeout: args.seconds ?? 600,
        maxHistory: 5,
      },
      { parent: this },
    );
    this.ready = release;
    this.registerOutputs({ status: release.status });
  }
}

/** The values, once it is known that none of them is secret. @throws in the output, so that nothing is installed. */
function withoutSecrets(release: string, values: ChartValues): pulumi.Output<Record<string, unknown>> {
  const known = pulumi.output(values as unknown) as pulumi.Output<Record<string, unknown>>;
  return pulumi.output(pulumi.isSecret(known)).apply((isSecret) => {
    if (isSecret)
      throw new Error(
        `chart release "${release}": got a secret among its values, expected values without; Helm and previews show them in clear: ` +
          `put it into a Secret and give the chart the Secret's name`,
      );
    return known;
  });
}

interface ReleaseRecordsArgs {
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: string;
  readonly release: string;
}

/** What Helm notes of a release, such that it can go on from there. Removing it changes nothing. */
class ReleaseRecords extends DynamicResource {
  /** Another text whenever something had to be repaired. */
  declare readonly repair: pulumi.Output<string>;

  constructor(name: string, args: ReleaseRecordsArgs, options: pulumi.CustomResourceOptions) {
    super(
      providerFrom("components/helmRecordProvider"),
      { area: "helm", kind: "ReleaseRecords" },
      name,
      { ...args, kubeconfig: pulumi.secret(args.kubeconfig), repair: undefined },
      { ...options, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}

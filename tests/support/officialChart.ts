import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";

import type { Manifest } from "../../components/manifest";
import { versions } from "../../infra/versions";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain";
import type { PackedChart } from "./chartServers";

const run = promisify(execFile);

/** An official chart that lies in a Go module, which the public proxy serves where chart repositories can't be reached. */
export interface ModuleChart {
  readonly module: string;
  readonly version: string;
  /** The chart's folder in the module. */
  readonly folder: string;
  /** The chart's version, where its sources have one. @default left open there; it is published with the module's */
  readonly chart?: string;
}

/** cert-manager's. */
export const certManagerChart: ModuleChart = {
  module: "github.com/cert-manager/cert-manager",
  version: `v${versions.certManager}`,
  folder: "deploy/charts/cert-manager",
};

/** external-dns'. */
export const externalDnsChart: ModuleChart = {
  module: "sigs.k8s.io/external-dns",
  // The module's newest chart is that of the release before it.
  version: "v0.22.0",
  folder: "charts/external-dns",
  chart: versions.externalDns,
};

/** A chart's own folder. */
export async function chartFolder({ module, version, folder }: ModuleChart): Promise<string> {
  const { stdout } = await run("go", ["mod", "download", "-json", `${module}@${version}`], { cwd: "/" });
  return join((JSON.parse(stdout) as { readonly Dir: string }).Dir, folder);
}

/** A chart as its publisher packs it. */
export async function packedAsReleased(chart: ModuleChart): Promise<PackedChart> {
  const { helm } = await ensureTools(["helm"], silent);
  const version = chart.chart ?? chart.version;
  const given = chart.chart === undefined ? ["--version", version, "--app-version", version] : [];
  const folder = await mkdtemp(join(tmpdir(), "terp-chart-"));
  try {
    const words = ["package", await chartFolder(chart), ...given];
    await run(join(helm.directory, "helm"), [...words, "--destination", folder]);
    const name = basename(chart.folder);
    return { name, version, archive: await readFile(join(folder, `${name}-${version}.tgz`)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * What a chart makes of values, which Helm holds against the chart's own schema first.
 *
 * @throws with Helm's words where they don't fit it.
 */
export async function rendered(
  chart: string,
  namespace: string,
  values: unknown,
): Promise<readonly Manifest[]> {
  const { helm } = await ensureTools(["helm"], silent);
  const words = ["template", namespace, chart, "--namespace", namespace, "--include-crds", "--values", "-"];
  words.push("--kube-version", versions.kubernetes);
  const work = run(join(helm.directory, "helm"), words, { maxBuffer: 64 << 20 });
  work.child.stdin?.end(JSON.stringify(values));
  const { stdout } = await work;
  return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

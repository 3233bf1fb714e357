import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";

import type { Manifest } from "../../components/manifest";
import { versions } from "../../infra/versions";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain";

const run = promisify(execFile);

/** An official chart that lies in a Go module, which the public proxy serves where chart repositories can't be reached. */
export interface ModuleChart {
  readonly module: string;
  readonly version: string;
  /** The chart's folder in the module. */
  readonly folder: string;
}

/** A chart's own folder. */
export async function chartFolder({ module, version, folder }: ModuleChart): Promise<string> {
  const { stdout } = await run("go", ["mod", "download", "-json", `${module}@${version}`], { cwd: "/" });
  return join((JSON.parse(stdout) as { readonly Dir: string }).Dir, folder);
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

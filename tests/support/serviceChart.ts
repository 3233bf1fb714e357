import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";

import type { Manifest } from "../../components/manifest";
import { versions } from "../../infra/versions";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain";

const run = promisify(execFile);

/** The developers' chart. */
export const serviceChart = join(__dirname, "../../charts/service");

/** How a chart is rendered. */
export interface Rendering {
  /** @default "shop" */
  readonly release?: string;
  /** Words for Helm, such as `--is-upgrade`. */
  readonly words?: readonly string[];
}

/** Helm, as a person calls it. */
export async function helm(words: readonly string[], values: unknown): Promise<string> {
  const { helm: tool } = await ensureTools(["helm"], silent);
  const work = run(join(tool.directory, "helm"), [...words, "--values", "-"], { maxBuffer: 64 << 20 });
  work.child.stdin?.end(JSON.stringify(values));
  return (await work).stdout;
}

/**
 * What the developers' chart makes of values.
 *
 * @throws with Helm's words where they don't fit.
 */
export async function renderedService(
  values: unknown,
  { release = "shop", words = [] }: Rendering = {},
): Promise<readonly Manifest[]> {
  const text = await helm(
    ["template", release, serviceChart, "--kube-version", versions.kubernetes, ...words],
    values,
  );
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

/** What Helm says of values that don't fit, without the words around it. */
export async function refusedValues(values: unknown, release?: string): Promise<string> {
  const said = await renderedService(values, release === undefined ? {} : { release }).then(
    () => "nothing: it takes them",
    (error: unknown) => (error as { stderr: string }).stderr,
  );
  return said
    .replace(/^Error: values don't meet[^\n]*\nservice:\n/, "")
    .replace(/^Error: execution error at \([^)]*\): /, "")
    .replace(/\n*Use --debug flag[^\n]*\n*$/, "")
    .trimEnd();
}

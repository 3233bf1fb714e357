import type * as server from "../../server/provider";
import { ResourceInitError } from "../../server/provider";
import type { PropertyMap } from "../../server/values";
import { hasUnknown, isMap, revealedMap, secret, asText } from "../../server/values";
import { generatedName } from "../autonaming";
import { defaultNamespace } from "../check";
import { inputsKey } from "../checkpoint";
import type { Context } from "../context";
import { warningOf } from "../context";
import { changesBetween, diffOf } from "../diff";
import type { JsonObject } from "../objects";
import { Helm, HelmError, PrivateFolder } from "./cli";
import { chartWords, deployCommand } from "./command";
import { failedRevision, resourceNamesOf, statusOf } from "./facts";
import { completed, isLocal, localChart } from "./inputs";

/** The type token of a Helm release. */
export const releaseType = "kubernetes:helm.sh/v3:Release";

/** A release's inputs with every default, a name, and the chart's version. */
export async function checkRelease(
  context: Context,
  request: server.CheckRequest,
): Promise<server.CheckResult> {
  const inputs = completed(request.news);
  inputs["namespace"] ??= defaultNamespace(context);
  const oldName = request.olds["name"];
  if (inputs["name"] === undefined) {
    inputs["name"] =
      oldName ?? request.autonaming?.proposedName ?? generatedName(request.name, request.randomSeed);
  }
  const chart = inputs["chart"];
  if (typeof chart !== "string") return { inputs };
  const repository = inputs["repositoryOpts"];
  const hasRepository = isMap(repository) && repository["repo"] !== undefined && repository["repo"] !== "";
  if (isLocal(chart, hasRepository)) {
    const facts = localChart(chart);
    if (facts !== undefined && "reason" in facts) return { inputs, failures: [facts] };
    if (facts !== undefined) inputs["version"] = facts.version;
    return { inputs };
  }
  if (inputs["version"] === undefined && !hasUnknown(repository ?? null)) {
    inputs["version"] = request.olds["version"] ?? (await newestVersion(context, inputs));
  }
  return { inputs };
}

async function newestVersion(context: Context, inputs: PropertyMap): Promise<string> {
  using folder = new PrivateFolder();
  const words = chartWords(revealedMap(inputs), folder);
  const shown = await new Helm(context.settings, folder).run(["show", "chart", ...words]);
  return /^version:\s*(\S+)/m.exec(shown)?.[1]?.replace(/^["']|["']$/g, "") ?? "";
}

/** What changed inputs mean for a release: another name or namespace is another release. */
export function diffRelease(request: server.DiffRequest): server.DiffResult {
  const before = revealedMap(request.olds)[inputsKey];
  const olds = isMap(before) ? before : revealedMap(request.oldInputs);
  const news = revealedMap(request.news);
  const result = diffOf(olds, news, ["name", "namespace"]);
  if (result.changes === "none") return { changes: "none" };
  const diffs = [...new Set(changesBetween(olds, news).map(({ path }) => String(path[0])))].sort();
  return { ...result, diffs, deleteBeforeReplace: false };
}

/** Installs a release. One that was installed but didn't come up is kept, with the reason. */
export async function createRelease(
  context: Context,
  request: server.CreateRequest,
): Promise<{ id: string; properties: PropertyMap }> {
  if (request.preview || hasUnknown(request.properties)) return { id: "", properties: request.properties };
  await context.cluster.connect();
  using folder = new PrivateFolder();
  const helm = new Helm(context.settings, folder);
  const inputs = revealedMap(request.properties);
  const id = idOf(inputs);
  const { words, input } = deployCommand("install", inputs, folder);
  try {
    await helm.run(words, input, context.signal);
  } catch (error) {
    const properties = await outputs(helm, request.properties, true).catch(() => undefined);
    if (properties === undefined || !(error instanceof HelmError)) throw error;
    warningOf(
      context,
      request.urn,
    )(
      `Helm release "${asText(inputs["name"])}" was created but has a failed status. Use the \`helm\` command to ` +
        `investigate the error, correct it, then retry. Reason: ${error.message}`,
    );
    throw unfinished(id, "was created, but failed", error, { id, properties, inputs: request.properties });
  }
  return { id, properties: await outputs(helm, request.properties) };
}

/** Upgrades a release. */
export async function updateRelease(context: Context, request: server.UpdateRequest): Promise<PropertyMap> {
  if (request.preview || hasUnknown(request.news)) return request.news;
  await context.cluster.connect();
  using folder = new PrivateFolder();
  const helm = new Helm(context.settings, folder);
  const { words, input } = deployCommand("upgrade", revealedMap(request.news), folder);
  try {
    await helm.run(words, input, context.signal);
  } catch (error) {
    const properties = await outputs(helm, request.news, true).catch(() => undefined);
    if (properties === undefined || !(error instanceof HelmError)) throw error;
    const partial = { id: request.id, properties, inputs: request.oldInputs };
    throw unfinished(request.id, "failed", error, partial);
  }
  return await outputs(helm, request.news);
}

/** Reads a release; one that isn't there is gone. */
export async function readRelease(context: Context, request: server.ReadRequest): Promise<server.ReadResult> {
  await context.cluster.connect();
  using folder = new PrivateFolder();
  const helm = new Helm(context.settings, folder);
  const slash = request.id.indexOf("/");
  const place = {
    name: request.id.slice(slash + 1),
    namespace: slash < 0 ? "default" : request.id.slice(0, slash),
  };
  const inputs = Object.keys(request.inputs).length > 0 ? request.inputs : completed(place);
  try {
    return { id: request.id, properties: await outputs(helm, inputs), inputs };
  } catch (error) {
    if (error instanceof HelmError && error.message.includes("not found"))
      return { id: "", properties: {}, inputs: {} };
    throw error;
  }
}

/** Uninstalls a release. That it is gone already is no failure. */
export async function deleteRelease(context: Context, request: server.DeleteRequest): Promise<void> {
  await context.cluster.connect();
  using folder = new PrivateFolder();
  const inputs = revealedMap(request.properties);
  const words = [
    "uninstall",
    asText(inputs["name"]),
    "--namespace",
    asText(inputs["namespace"]),
    "--ignore-not-found",
  ];
  const timeout = ["--timeout", `${asText(inputs["timeout"] ?? 300)}s`];
  const hooks = inputs["disableWebhooks"] === true ? ["--no-hooks"] : [];
  const wait = inputs["skipAwait"] === true ? [] : ["--wait"];
  await new Helm(context.settings, folder).run([...words, ...timeout, ...hooks, ...wait], "", context.signal);
}

function idOf(inputs: Readonly<PropertyMap>): string {
  return `${asText(inputs["namespace"])}/${asText(inputs["name"])}`;
}

function unfinished(id: string, what: string, error: Error, partial: server.ReadResult): ResourceInitError {
  const reason =
    `Helm release "${id}" ${what} to initialize completely. Use Helm CLI to investigate: failed to become available ` +
    `within allocated timeout. Error: Helm Release ${id}: ${error.message}`;
  return new ResourceInitError(reason, { ...partial, reasons: [reason] });
}

/** A release's outputs. After a failure they speak of the revision that failed, though it may have been rolled back. */
async function outputs(helm: Helm, inputs: PropertyMap, afterFailure = false): Promise<PropertyMap> {
  const { name, namespace } = revealedMap(inputs);
  const words = [asText(name), "--namespace", asText(namespace)];
  let revision: string[] = [];
  if (afterFailure) {
    const history = JSON.parse(await helm.run(["history", ...words, "--output", "json"])) as JsonObject[];
    const failed = failedRevision(history);
    if (failed !== undefined) revision = ["--revision", String(failed)];
  }
  const [metadata, manifest] = await Promise.all([
    helm.run(["get", "metadata", ...words, ...revision, "--output", "json"]),
    helm.run(["get", "manifest", ...words, ...revision]),
  ]);
  return {
    ...inputs,
    resourceNames: resourceNamesOf(manifest, asText(namespace)),
    status: statusOf(JSON.parse(metadata) as JsonObject),
    // Its values may hold what the chart makes secret: all of it is kept encrypted.
    [inputsKey]: secret(inputs),
  };
}

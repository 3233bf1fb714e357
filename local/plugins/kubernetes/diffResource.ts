import type { DiffRequest, DiffResult } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { equal, isMap, revealedMap } from "../server/values";
import { checkpointOf, pruned } from "./checkpoint";
import { defaultNamespace } from "./check";
import type { Context } from "./context";
import { diffOf } from "./diff";
import { isPatchType } from "./identity";
import type { JsonObject } from "./objects";
import { identityPaths, immutablePaths } from "./replaceRules";

/** What changed inputs mean for a resource. Asks nobody: it costs a preview next to nothing. */
export function diffResource(context: Context, request: DiffRequest): DiffResult {
  const news = revealedMap(request.news);
  const olds = withSameNamespace(context, baseOf(request), news);
  const mutable = { configMap: context.settings.configMapMutable, secret: context.settings.secretMutable };
  // What is immutable now stays so although the program no longer says so; the server decides then.
  const kind = typeof news["kind"] === "string" ? news["kind"] : "";
  const rules = isPatchType(request.type, kind) ? identityPaths : immutablePaths(news as JsonObject, mutable);
  return diffOf(olds, news, rules);
}

/**
 * What the new inputs are compared with: the inputs of the last operation. After a failed one, the engine's inputs are older
 * than the state's own: then nobody knows what was applied, and the object itself counts.
 */
function baseOf(request: DiffRequest): PropertyMap {
  const { inputs, live } = checkpointOf(request.olds);
  if (Object.keys(inputs).length === 0) return revealedMap(request.oldInputs);
  const old = revealedMap(request.oldInputs);
  const isFailed = Object.keys(old).length > 0 && !equal(old, inputs);
  return isFailed ? pruned(live, inputs) : inputs;
}

/** Takes a namespace that Check could not fill in before (the kind was not defined then) for what it is by default. */
function withSameNamespace(context: Context, olds: PropertyMap, news: PropertyMap): PropertyMap {
  const [before, after] = [olds["metadata"], news["metadata"]];
  if (!isMap(before) || !isMap(after)) return olds;
  const isUnsaid = before["namespace"] === undefined && after["namespace"] === defaultNamespace(context);
  return isUnsaid ? { ...olds, metadata: { ...before, namespace: after["namespace"] ?? null } } : olds;
}

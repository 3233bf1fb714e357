import type { PropertyMap } from "../../server/values";
import { revealedMap } from "../../server/values";
import type { Context } from "../context";
import type { JsonObject } from "../objects";
import { annotationOf } from "../objects";
import { Helm, PrivateFolder } from "./cli";
import { chartWords } from "./command";
import { objectsIn } from "./facts";

/** The objects of a chart that is rendered here and applied as single resources (helm.v4.Chart). Hooks are left out. */
export async function renderedObjects(
  context: Context,
  name: string,
  inputs: Readonly<PropertyMap>,
): Promise<JsonObject[]> {
  using folder = new PrivateFolder();
  const clear = revealedMap(inputs);
  const release = typeof clear["name"] === "string" ? clear["name"] : name;
  const words = ["template", release, ...chartWords(clear, folder)];
  if (typeof clear["namespace"] === "string") words.push("--namespace", clear["namespace"]);
  if (clear["skipCrds"] !== true) words.push("--include-crds");
  if (clear["dependencyUpdate"] === true) words.push("--dependency-update");
  words.push("--values", "-");
  const manifest = await new Helm(context.settings, folder).run(words, JSON.stringify(clear["values"] ?? {}));
  const objects = objectsIn(manifest);
  if (clear["includeHooks"] === true) return objects;
  return objects.filter((object) => annotationOf(object, "helm.sh/hook") === undefined);
}

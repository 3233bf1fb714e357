import { changesBetween, pathText } from "../kubernetes/diff";
import { needsReplacement } from "../kubernetes/replaceRules";
import type { DiffKind, DiffResult } from "../server/provider";
import { revealedMap, type PropertyMap } from "../server/values";
import { madeUpName } from "./naming";

/**
 * What changed inputs mean for a resource: the official plugin compares inputs with inputs, and a replacement deletes first unless
 * the name was made up.
 *
 * @param replacing inputs whose change needs a new resource.
 */
export function diffOf(before: PropertyMap, after: PropertyMap, replacing: readonly string[]): DiffResult {
  const detailedDiff: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  const replaces: string[] = [];
  for (const { path, kind } of changesBetween(comparable(before), comparable(after))) {
    const names = path.filter((step): step is string => typeof step === "string");
    const replace = needsReplacement(names, replacing);
    const text = pathText(path);
    if (replace) replaces.push(text);
    detailedDiff[text] = { kind: replace ? `${kind}-replace` : kind, inputDiff: true };
  }
  const names = Object.keys(detailedDiff).map((each) => each.split(/[.[]/)[0] ?? each);
  return {
    changes: names.length === 0 ? "none" : "some",
    diffs: [...new Set(names)],
    replaces,
    deleteBeforeReplace: replaces.length > 0 && before[madeUpName] !== true,
    detailedDiff,
  };
}

/** Azure takes `West Europe` and `westeurope` for the same. */
function comparable(inputs: PropertyMap): PropertyMap {
  const result = revealedMap(inputs);
  Reflect.deleteProperty(result, madeUpName);
  const { location } = result;
  if (typeof location === "string") result["location"] = location.toLowerCase().replaceAll(" ", "");
  return result;
}

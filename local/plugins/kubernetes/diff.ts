import type { DiffKind, DiffResult } from "../server/provider";
import type { PropertyMap, PropertyValue } from "../server/values";
import { isMap } from "../server/values";
import { isAutonamed } from "./autonaming";
import { needsReplacement } from "./replaceRules";

/** One difference between two property values. */
export interface Change {
  /** keys and list indexes */
  readonly path: readonly (string | number)[];
  readonly kind: "add" | "delete" | "update";
}

/** The differences between two values without secret wrappers; null counts as absent. A map that comes or goes is one change. */
export function changesBetween(
  old: PropertyValue | undefined,
  next: PropertyValue | undefined,
  path: readonly (string | number)[] = [],
): Change[] {
  if (old === next) return [];
  if (old === undefined || old === null)
    return next === undefined || next === null ? [] : [{ path, kind: "add" }];
  if (next === undefined || next === null) return [{ path, kind: "delete" }];
  if (isMap(old) && isMap(next)) {
    // An emptied map counts as one that went.
    if (path.length > 0 && isEmpty(old) !== isEmpty(next))
      return [{ path, kind: isEmpty(next) ? "delete" : "add" }];
    const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
    return [...keys].sort().flatMap((key) => changesBetween(old[key], next[key], [...path, key]));
  }
  if (Array.isArray(old) && Array.isArray(next)) {
    const changes: Change[] = [];
    for (let index = 0; index < Math.max(old.length, next.length); index++) {
      changes.push(...changesBetween(old[index], next[index], [...path, index]));
    }
    return changes;
  }
  return [{ path, kind: "update" }];
}

function isEmpty(map: PropertyMap): boolean {
  return Object.values(map).every((value) => value === null);
}

/** A path as Pulumi writes it: `spec.containers[0].image`, `metadata.labels["a.b/c"]`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${String(step)}]`;
      if (/[.[\]"]/.test(step)) return `["${step.replaceAll('"', '\\"')}"]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/**
 * What changes from the old to the new inputs means for the object.
 * @param immutable paths that need a new object, from `immutablePaths`
 */
export function diffOf(old: PropertyMap, next: PropertyMap, immutable: readonly string[]): DiffResult {
  const detailedDiff: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  const replaces: string[] = [];
  for (const { path, kind } of changesBetween(old, next)) {
    const keys = path.filter((step): step is string => typeof step === "string");
    const replace = needsReplacement(keys, immutable);
    const text = pathText(path);
    if (replace) replaces.push(text);
    detailedDiff[text] = { kind: replace ? `${kind}-replace` : kind, inputDiff: true };
  }
  return {
    changes: Object.keys(detailedDiff).length === 0 ? "none" : "some",
    replaces,
    deleteBeforeReplace: replaces.length > 0 && !isAutonamed(next) && samePlace(old, next),
    detailedDiff,
  };
}

/** Whether a replacement would need the name of the object that it replaces. */
function samePlace(old: PropertyMap, next: PropertyMap): boolean {
  const [before, after] = [old["metadata"], next["metadata"]];
  if (!isMap(before) || !isMap(after) || after["name"] === undefined) return false;
  return before["name"] === after["name"] && (before["namespace"] ?? null) === (after["namespace"] ?? null);
}

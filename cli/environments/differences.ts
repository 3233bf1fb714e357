import type { PlatformConfig } from "../../infra/config";
import { pathText } from "../../infra/config/setting";

/** A setting in which two environments differ. */
export interface Difference {
  /** As Pulumi writes it, e.g. `cluster.system.maximum`. */
  readonly path: string;
  /** As JSON; undefined where it isn't set and has no default. */
  readonly one: string | undefined;
  readonly other: string | undefined;
}

/** A setting that lists members whose order says nothing would still be compared in order: a list is one value. */
type Leaf = readonly [path: readonly string[], value: unknown];

/**
 * In which settings two environments differ, defaults in their place, so that what is written out in one and left out in the
 * other is the same. Their own names are left out.
 */
export function differencesBetween(one: PlatformConfig, other: PlatformConfig): Difference[] {
  const [left, right] = [leavesOf(one), leavesOf(other)];
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  return paths
    .filter((path) => path !== "stack" && path !== "environment" && left.get(path) !== right.get(path))
    .map((path) => ({ path, one: left.get(path), other: right.get(path) }));
}

/** The differences as lines. */
export function renderDifferences(
  differences: readonly Difference[],
  [one, other]: readonly [string, string],
): string[] {
  if (differences.length === 0) return [`${one} and ${other} have the same settings`];
  return differences.flatMap(({ path, one: left, other: right }) => [
    path,
    `  ${one}  ${left ?? "not set"}`,
    `  ${other}  ${right ?? "not set"}`,
  ]);
}

function leavesOf(config: PlatformConfig): ReadonlyMap<string, string> {
  return new Map(leaves(config).map(([path, value]) => [pathText(path), JSON.stringify(value)]));
}

function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return path.length === 0 ? [] : [[path, value]];
  return entries.flatMap(([key, each]) => leaves(each, [...path, key]));
}

import { isDeepStrictEqual } from "node:util";
import { argumentNames, type TenantInstance } from "./instance";
import type { WrittenInstance } from "./tenantsFile";

/** In what an instance that is there differs from the one that is asked for. */
export interface Difference {
  readonly argument: string;
  /** What the program has, as it stands there; `undefined` if nothing. */
  readonly written: string | undefined;
  /** What is asked for; `undefined` if nothing. */
  readonly asked: string | undefined;
}

/** What an argument means that isn't given. */
const defaults: Readonly<Record<string, unknown>> = {
  size: "small",
  charts: false,
  grafana: false,
  suspended: false,
};

/** In what two instances of one name differ. What isn't given is its default. */
export function differencesOf(written: WrittenInstance, asked: TenantInstance): readonly Difference[] {
  const names = new Set<string>([...argumentNames, ...Object.keys(written.written)]);
  return [...names].flatMap((argument) => {
    const there = written.written[argument];
    const wanted = (asked as unknown as Readonly<Record<string, unknown>>)[argument];
    const isComputed = there !== undefined && there.value === undefined;
    if (!isComputed && isDeepStrictEqual(meaning(argument, there?.value), meaning(argument, wanted)))
      return [];
    return [
      { argument, written: there?.source, asked: wanted === undefined ? undefined : JSON.stringify(wanted) },
    ];
  });
}

function meaning(argument: string, value: unknown): unknown {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return defaults[argument];
  if (argument !== "people" || typeof value !== "object") return value;
  const lists = Object.entries(value as object).filter(([, members]) => !isDeepStrictEqual(members, []));
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}

import type { z } from "zod";

import { nearest } from "../../infra/config/nearest";
import { pathText } from "../../infra/config/setting";
import { keysOf, schemaAt, valueAt } from "../../infra/config/walk";
import type { Fault } from "../../infra/fault";
import { fieldHelp, serviceSchema } from "./schema";

/** Says of each issue with a file where it is, what is given and expected, and what to write. */
export function faultsOf(file: string, given: unknown, issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownKey(file, given, [...issue.path, key]))
      : [badValue(file, given, issue.path)],
  );
}

function placed(file: string, path: readonly PropertyKey[]): string {
  return path.length === 0 ? file : `${file}: ${pathText(path)}`;
}

function keysAt(given: unknown, path: readonly PropertyKey[]): string[] {
  const schema = schemaAt(serviceSchema, given, path);
  return schema === undefined ? [] : keysOf(schema, valueAt(given, path));
}

function unknownKey(file: string, given: unknown, path: readonly PropertyKey[]): Fault {
  const known = keysAt(given, path.slice(0, -1));
  const meant = nearest(String(path.at(-1)), known);
  return {
    path: placed(file, path),
    given: "a field that doesn't exist",
    expected: `one of ${known.join(", ")}`,
    remedy: meant === undefined ? "leave it out; values of the chart's go below values" : `write ${meant}`,
  };
}

function badValue(file: string, given: unknown, path: readonly PropertyKey[]): Fault {
  const value = valueAt(given, path);
  const schema = schemaAt(serviceSchema, given, path);
  const known = schema === undefined ? undefined : fieldHelp.get(schema as z.ZodType);
  const shown = value === undefined ? "nothing" : JSON.stringify(value);
  return {
    path: placed(file, path),
    given: shown.length <= 80 ? shown : `${shown.slice(0, 77)}…`,
    expected: known?.description ?? `fields: ${keysAt(given, path).join(", ")}`,
    remedy:
      known === undefined
        ? "write them below it, as `terp service add` does"
        : `write for example ${String(path.at(-1))}: ${known.example}`,
  };
}

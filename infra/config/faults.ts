import type { z } from "zod";
import type { Fault } from "../fault";
import { help } from "./help";
import { nearest } from "./nearest";
import { commandsFor, pathText } from "./setting";
import { elementOf, isNeverEmpty, keysOf, schemaAt, valueAt, wordsOf } from "./walk";

/** A section that doesn't fit its schema. */
export interface Misfit {
  readonly environment: string;
  /** The section's name. */
  readonly section: string;
  readonly schema: z.ZodType;
  /** What was given for the section. */
  readonly value: unknown;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** Says of each issue where it is, what was given and expected, and what to type. One fault a setting. */
export function faultsOf(misfit: Misfit): Fault[] {
  const faults = misfit.issues.flatMap((issue) => {
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => unknownKey(misfit, [...issue.path, key]));
      case "invalid_key":
        return [badName(misfit, issue.path)];
      default:
        return [badValue(misfit, issue.path)];
    }
  });
  return faults.filter((fault, index) => faults.findIndex((other) => other.path === fault.path) === index);
}

function unknownKey(misfit: Misfit, path: readonly PropertyKey[]): Fault {
  const parent = path.slice(0, -1);
  const known = keysAt(misfit, parent);
  const meant = nearest(String(path.at(-1)), known);
  const { remove } = commandsFor(misfit.environment, [misfit.section, ...path]);
  return {
    path: pathText([misfit.section, ...path]),
    given: "a setting that doesn't exist",
    expected: `one of ${known.join(", ")}`,
    remedy:
      meant === undefined ? `type: ${remove}` : `did you mean "${meant}"? To remove it, type: ${remove}`,
  };
}

/** A name that is free to choose within bounds, such as a registry's. */
function badName(misfit: Misfit, path: readonly PropertyKey[]): Fault {
  const record = schemaAt(misfit.schema, misfit.value, path.slice(0, -1)) as z.core.$ZodRecord | undefined;
  const known = record === undefined ? undefined : help.get(record._zod.def.keyType as z.ZodType);
  const { remove } = commandsFor(misfit.environment, [misfit.section, ...path]);
  return {
    path: pathText([misfit.section, ...path]),
    given: `the name ${JSON.stringify(path.at(-1))}`,
    expected: known?.expected ?? "another name",
    remedy: `name it like "${known?.example ?? ""}"; to remove it, type: ${remove}`,
  };
}

function badValue(misfit: Misfit, path: readonly PropertyKey[]): Fault {
  const given = valueAt(misfit.value, path);
  return {
    path: pathText([misfit.section, ...path]),
    given: describe(given),
    ...expectation(misfit, path, given),
  };
}

function expectation(
  misfit: Misfit,
  path: readonly PropertyKey[],
  given: unknown,
): Pick<Fault, "expected" | "remedy"> {
  const full = [misfit.section, ...path];
  const { set } = commandsFor(misfit.environment, full);
  const mistyped = given === undefined ? mistypedSibling(misfit, path) : undefined;
  const asName = mistyped === undefined ? "" : `rename "${mistyped}" to "${String(path.at(-1))}", or `;

  const words = path.length === 0 ? [] : wordsAt(misfit, path);
  if (words.length > 0) {
    const meant = typeof given === "string" ? nearest(given, words) : undefined;
    const word = meant ?? words[0] ?? "";
    return {
      expected: words.length === 1 ? word : `one of ${words.join(", ")}`,
      remedy: `${asName}${meant === undefined ? "" : `did you mean "${meant}"? `}type: ${set(word)}`,
    };
  }

  const schema = schemaAt(misfit.schema, misfit.value, path);
  const known = schema === undefined ? undefined : help.get(schema as z.ZodType);
  if (known !== undefined) {
    return { expected: known.expected, remedy: `${asName}type, for example: ${set(known.example)}` };
  }
  return groupExpectation(misfit, path, asName);
}

/** What is expected where settings are grouped and something else stands, or nothing. */
function groupExpectation(
  misfit: Misfit,
  path: readonly PropertyKey[],
  asName: string,
): Pick<Fault, "expected" | "remedy"> {
  const full = [misfit.section, ...path];
  const { remove } = commandsFor(misfit.environment, full);
  // Pulumi sets nothing below a text.
  const first = valueAt(misfit.value, path) === undefined ? asName : `type: ${remove}; then `;
  const list = schemaAt(misfit.schema, misfit.value, path);
  const element = elementOf(list);
  const known = element === undefined ? undefined : help.get(element as z.ZodType);
  if (known !== undefined) {
    const { set } = commandsFor(misfit.environment, [...full, 0]);
    const remedy = `${first}type, for example: ${set(known.example)}`;
    const length = isNeverEmpty(list) ? " with one or more" : "";
    return { expected: `a list${length}, and each of it: ${known.expected}`, remedy };
  }
  const kinds = wordsAt(misfit, [...path, "kind"]);
  const [kind] = kinds;
  if (kind !== undefined) {
    const setKind = commandsFor(misfit.environment, [...full, "kind"]).set(kind);
    const expected = kinds.length === 1 ? kind : `one of ${kinds.join(", ")}`;
    return { expected: `settings below it, with kind: ${expected}`, remedy: `${first}type: ${setKind}` };
  }
  const lines = keysAt(misfit, path).join(", ");
  return {
    expected: lines === "" ? "names with values below it" : `settings below it: ${lines}`,
    remedy: `${first}write them in Pulumi.${misfit.environment}.yaml below ${pathText(full)}`,
  };
}

/** A name beside the missing one that nobody knows and that resembles it. */
function mistypedSibling(misfit: Misfit, path: readonly PropertyKey[]): string | undefined {
  const siblings = valueAt(misfit.value, path.slice(0, -1));
  const wanted = String(path.at(-1));
  const unknown = Object.keys(typeof siblings === "object" && siblings !== null ? siblings : {}).filter(
    (name) => !keysAt(misfit, path.slice(0, -1)).includes(name),
  );
  return unknown.find((name) => nearest(name, [wanted]) !== undefined);
}

function keysAt(misfit: Misfit, path: readonly PropertyKey[]): string[] {
  const schema = schemaAt(misfit.schema, misfit.value, path);
  return schema === undefined ? [] : keysOf(schema, valueAt(misfit.value, path));
}

function wordsAt(misfit: Misfit, path: readonly PropertyKey[]): string[] {
  const parent = schemaAt(misfit.schema, misfit.value, path.slice(0, -1));
  const key = path.at(-1);
  return parent === undefined || key === undefined ? [] : wordsOf(parent, key);
}

function describe(given: unknown): string {
  if (given === undefined) return "nothing";
  if (given === "") return "an empty text";
  const text = JSON.stringify(given);
  if (/AGE-SECRET-KEY|PRIVATE KEY/.test(text)) return "a private key, which belongs in no settings file";
  if (/\/\/[^/@\s"]*:[^/@\s"]*@/.test(text))
    return "an address with a password in it, which belongs in no settings file";
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

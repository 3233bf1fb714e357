import type { Json, JsonObject } from "../objects";
import { at, isJsonObject, objectsAt } from "../objects";
import type { Awaiter } from "./awaiter";
import { conditionOf } from "./awaiter";

/** One thing an object is waited for. */
export type Wish =
  | { readonly kind: "condition"; readonly type: string; readonly status: string }
  | {
      readonly kind: "jsonpath";
      readonly path: string;
      readonly steps: readonly Step[];
      readonly value?: string;
    };

/** One step of a JSON path: a key, a list index, every element, or the elements whose field has a value. */
export type Step =
  | { readonly key: string }
  | { readonly index: number }
  | { readonly every: true }
  | { readonly where: readonly string[]; readonly is: string };

/**
 * Reads the annotation pulumi.com/waitFor: `condition=Type[=Status]`, `jsonpath={.path}[=value]`, or a JSON list of these.
 * Throws if it is none.
 */
export function parseWaitFor(text: string): readonly Wish[] {
  if (!text.trimStart().startsWith("[")) return [parseWish(text)];
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every((item): item is string => typeof item === "string")) {
    throw new Error(`expected a JSON list of texts, got "${text}"`);
  }
  if (list.length === 0) throw new Error("at least one condition must be specified");
  return list.map(parseWish);
}

function parseWish(text: string): Wish {
  if (text.startsWith("condition=")) {
    const [type = "", status = "True"] = text.slice("condition=".length).split("=");
    return { kind: "condition", type, status };
  }
  if (text.startsWith("jsonpath=")) {
    const match = /^\{?(.*?)\}?(?:=(.*))?$/.exec(text.slice("jsonpath=".length));
    const closed = /^\{(.*)\}(?:=(.*))?$/.exec(text.slice("jsonpath=".length)) ?? match;
    const path = closed?.[1] ?? "";
    const value = closed?.[2];
    return {
      kind: "jsonpath",
      path: `{${path}}`,
      steps: parsePath(path),
      ...(value === undefined ? {} : { value }),
    };
  }
  throw new Error(`expected a "jsonpath=" or "condition=" prefix, got "${text}"`);
}

const stepPattern =
  /\.([A-Za-z0-9_$-]+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]|(\[\*\]|\.\*)|\[\?\(@\.([A-Za-z0-9_.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]/y;

function parsePath(path: string): readonly Step[] {
  const steps: Step[] = [];
  const text = path.startsWith(".") || path.startsWith("[") || path === "" ? path : `.${path}`;
  stepPattern.lastIndex = 0;
  while (stepPattern.lastIndex < text.length) {
    const start = stepPattern.lastIndex;
    const match = stepPattern.exec(text);
    if (match === null)
      throw new Error(`can't understand the JSON path "${path}" from "${text.slice(start)}" on`);
    const [, key, quoted, doubly, index, every, where, isDouble, isSingle] = match;
    const name = key ?? quoted ?? doubly;
    if (name !== undefined) steps.push({ key: name });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (every !== undefined) steps.push({ every: true });
    else if (where !== undefined) steps.push({ where: where.split("."), is: isDouble ?? isSingle ?? "" });
  }
  return steps;
}

function valuesAt(value: Json, steps: readonly Step[]): Json[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if ("key" in step) {
    const next = isJsonObject(value) ? value[step.key] : undefined;
    return next === undefined ? [] : valuesAt(next, rest);
  }
  const elements = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  if ("index" in step) {
    const next = elements[step.index];
    return next === undefined ? [] : valuesAt(next, rest);
  }
  if ("every" in step) return elements.flatMap((element) => valuesAt(element, rest));
  return elements
    .filter((element) => shown(at(element, ...step.where) ?? null) === step.is)
    .flatMap((element) => valuesAt(element, rest));
}

function shown(value: Json): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Whether the wish is fulfilled, and what to say about it. */
export function fulfilment(
  object: JsonObject,
  wish: Wish,
): { readonly isMet: boolean; readonly text: string } {
  if (wish.kind === "condition") {
    if (objectsAt(object, "status", "conditions").length === 0)
      return { isMet: false, text: "Has no .status.conditions" };
    const found = conditionOf(object, wish.type)?.["status"];
    if (found === undefined) return { isMet: false, text: `Resource has no condition ${wish.type}` };
    const text = `Resource has condition ${wish.type}=${shown(found)}`;
    const isMet = shown(found).toLowerCase() === wish.status.toLowerCase();
    return { isMet, text: isMet ? text : `${text} (want ${wish.status})` };
  }
  const values = valuesAt(object, wish.steps);
  const match = values.find((value) => wish.value === undefined || shown(value) === wish.value);
  if (match === undefined) return { isMet: false, text: `Missing ${wish.path}` };
  return { isMet: true, text: `Found ${wish.path}=${shown(match)}` };
}

/** Waits for all the wishes. */
export function waitForAwaiter(wishes: readonly Wish[]): Awaiter {
  return {
    timeoutSeconds: 600,
    judge: ({ object }) => {
      const results = wishes.map((wish) => fulfilment(object, wish));
      const isMet = results.every((result) => result.isMet);
      return { state: isMet ? "ready" : "waiting", progress: results.map((result) => result.text) };
    },
    timeoutText: () => "timed out waiting for the condition",
  };
}

import { characterClasses } from "./normalise";
import type {
  CommandRecord,
  Json,
  JsonObject,
  ResourceRecord,
  ScenarioRecord,
  StateRecord,
  StepRecord,
} from "./types";

/** One place in which two records of a scenario differ. */
export interface Finding {
  /** The step's number, or what came after the last step. */
  readonly step: StepName;
  /** JSON pointer inside the step; members of lists are named, e.g. `/result/resources/web/ops`. */
  readonly path: string;
  /** What the official plugin did; `undefined`: nothing here. */
  readonly expected: Json | undefined;
  /** What the plugin under test did; `undefined`: nothing here. */
  readonly actual: Json | undefined;
}

export type StepName = number | "destroy" | "afterDestroy";

/**
 * Compares two records of one scenario.
 *
 * Left out because it depends on load and parallelism: durations, progress messages and the order of
 * independent resources. The order of one resource's own operations counts.
 *
 * @returns every difference, none if the two behave alike.
 */
export function compareScenarios(expected: ScenarioRecord, actual: ScenarioRecord): readonly Finding[] {
  const findings: Finding[] = [];
  const compareStep = (step: StepName, left: Json | undefined, right: Json | undefined): void => {
    for (const { path, ...sides } of differing({ path: [], expected: left, actual: right })) {
      findings.push({ step, path: pointer(path), ...sides });
    }
  };
  const count = Math.max(expected.steps.length, actual.steps.length);
  for (let index = 0; index < count; index++) {
    const [left, right] = [expected.steps[index], actual.steps[index]];
    compareStep(index + 1, comparableStep(left, right), comparableStep(right, left));
  }
  const { destroy } = actual;
  compareStep(
    "destroy",
    comparableCommand(expected.destroy, destroy),
    comparableCommand(destroy, expected.destroy),
  );
  compareStep("afterDestroy", expected.afterDestroy, actual.afterDestroy);
  return findings;
}

function comparableStep(step: StepRecord | undefined, other: StepRecord | undefined): Json | undefined {
  if (!step) return undefined;
  return withoutUndefined({
    before: step.before,
    preview: comparableCommand(step.preview, other?.preview),
    command: step.command,
    result: comparableCommand(step.result, other?.result),
    state: step.state && named(step.state.map(comparableState)),
    facts: step.facts,
  });
}

/** A failure stops the engine: what stood beside the failed resource may have been begun, or not. */
function isBesideFailure(
  resource: ResourceRecord,
  command: CommandRecord,
  other: CommandRecord | undefined,
): boolean {
  const inOther = other?.resources.some(({ name, type }) => name === resource.name && type === resource.type);
  return (
    command.exit !== 0 && other?.exit === command.exit && resource.failed === undefined && inOther === false
  );
}

function comparableCommand(
  command: CommandRecord | undefined,
  other: CommandRecord | undefined,
): Json | undefined {
  if (!command) return undefined;
  const resources = command.resources.filter((resource) => !isBesideFailure(resource, command, other));
  const messages: Record<string, string[]> = {};
  for (const { severity, resource, text } of command.messages ?? []) {
    (messages[resource === undefined ? severity : `${severity} ${resource}`] ??= []).push(text);
  }
  for (const texts of Object.values(messages)) texts.sort();
  return withoutUndefined({
    exit: command.exit,
    resources: named(resources.map(comparableResource)),
    messages,
    stderr: command.stderr,
  });
}

/** Ids whose form is a matter of luck: the characters of base64, the length of words and of decimal numbers. */
function comparableState(state: StateRecord): StateRecord {
  const lucky = /:(RandomBytes|RandomId|RandomPet|SelfSignedCert|LocallySignedCert)$/;
  if (!lucky.test(state.type)) return state;
  const outputs = state["outputs"];
  const drawn = { id: "<drawn>" };
  return {
    ...state,
    ...drawn,
    ...(isObject(outputs) && "id" in outputs && { outputs: { ...outputs, ...drawn } }),
  };
}

/** The order in which an engine names the keys is no behaviour. */
function comparableResource({ replaceKeys, ...resource }: ResourceRecord): StateRecord {
  return withoutUndefined({
    ...resource,
    replaceKeys: replaceKeys && [...replaceKeys].sort(),
  }) as StateRecord;
}

/** A list of named things as an object, so that a difference is found under its name and not under its place. */
function named(items: readonly StateRecord[]): JsonObject {
  const result: JsonObject = {};
  for (const item of items) {
    const { name, type, ...rest } = item;
    let key = name;
    if (key in result) key = `${name} ${type}`;
    for (let copy = 2; key in result; copy++) key = `${name} ${type} ${String(copy)}`;
    result[key] = { type, ...rest };
  }
  return result;
}

interface Pair {
  readonly path: readonly string[];
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

function differing({ path, expected, actual }: Pair): readonly Pair[] {
  const below = (key: string, left: Json | undefined, right: Json | undefined): readonly Pair[] =>
    differing({ path: [...path, key], expected: left, actual: right });
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => below(key, expected[key], actual[key]));
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const places = [...Array(Math.max(expected.length, actual.length)).keys()];
    return places.flatMap((place) => below(String(place), expected[place], actual[place]));
  }
  return sameLeaf(expected, actual) ? [] : [{ path, expected, actual }];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A random text may happen to be drawn from fewer characters than it could be. */
function sameLeaf(expected: Json | undefined, actual: Json | undefined): boolean {
  if (expected === actual) return true;
  if (typeof expected !== "string" || typeof actual !== "string") return false;
  const left = /^<length (\d+), (.*)>$/.exec(expected);
  const right = /^<length (\d+), (.*)>$/.exec(actual);
  if (!left || !right || left[1] !== right[1]) return false;
  return classIndex(right[2]) <= classIndex(left[2]);
}

function classIndex(name: string | undefined): number {
  return characterClasses.findIndex((characters) => characters.name === name);
}

function withoutUndefined(object: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** JSON pointer (RFC 6901) of a path. */
export function pointer(path: readonly string[]): string {
  return path.map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

import { comparableMessages, comparableState, isObject, type Side } from "./lucky";
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
    compareStep(index + 1, comparableStep(left, right, official), comparableStep(right, left, tested));
  }
  const [left, right] = [unordered(expected.destroy), unordered(actual.destroy)];
  compareStep("destroy", comparableCommand(left, right, official), comparableCommand(right, left, tested));
  compareStep("afterDestroy", expected.afterDestroy, actual.afterDestroy);
  return findings;
}

const official: Side = { isActual: false };
const tested: Side = { isActual: true };

/** Everything goes at once: of a resource and the one that was to replace it, either may be the first. */
function unordered(command: CommandRecord | undefined): CommandRecord | undefined {
  if (!command) return undefined;
  const resources = command.resources.map((resource) => ({ ...resource, ops: [...resource.ops].sort() }));
  return { ...command, resources };
}

function comparableStep(
  step: StepRecord | undefined,
  other: StepRecord | undefined,
  side: Side,
): Json | undefined {
  if (!step) return undefined;
  return withoutUndefined({
    before: step.before,
    preview: comparableCommand(step.preview, other?.preview, side),
    command: step.command,
    result: comparableCommand(step.result, other?.result, side),
    state: step.state && named(step.state.map((state) => comparableState(state, other?.state, side))),
    facts: step.facts,
  });
}

/**
 * A failure stops the engine: what stood beside the failed resource may have been begun, or not, and of several that
 * would fail, only the first may have.
 */
function isBesideFailure(
  resource: ResourceRecord,
  command: CommandRecord,
  other: CommandRecord | undefined,
): boolean {
  if (command.exit === 0 || other?.exit !== command.exit) return false;
  const twin = other.resources.find(({ name, type }) => name === resource.name && type === resource.type);
  if (twin === undefined) return resource.failed === undefined;
  const common = Math.min(twin.ops.length, resource.ops.length);
  const isCutShort = twin.ops.length !== resource.ops.length;
  return isCutShort && twin.ops.slice(0, common).join() === resource.ops.slice(0, common).join();
}

/** The resources that stand beside a failure, in either of two commands. */
function besideFailure(command: CommandRecord, other: CommandRecord | undefined): readonly ResourceRecord[] {
  const mine = command.resources.filter((resource) => isBesideFailure(resource, command, other));
  const theirs = other?.resources.filter((resource) => isBesideFailure(resource, other, command)) ?? [];
  return [...mine, ...theirs];
}

/** Without what is beside a failure, and without what was said of it, as long as a failure remains to be compared. */
function withoutBesideFailure(command: CommandRecord, other: CommandRecord | undefined): CommandRecord {
  const beside = besideFailure(command, other);
  if (beside.length === 0) return command;
  const names = new Set(beside.map(({ name }) => name));
  const messages = (command.messages ?? []).filter(
    ({ resource }) => resource === undefined || !names.has(resource),
  );
  const hasFailure = messages.some(({ resource }) => resource !== undefined);
  const resources = command.resources.filter((resource) => !beside.includes(resource));
  return { ...command, resources, ...(hasFailure && { messages }) };
}

function comparableCommand(
  command: CommandRecord | undefined,
  other: CommandRecord | undefined,
  side: Side,
): Json | undefined {
  if (!command) return undefined;
  const reached = withoutBesideFailure(command, other);
  return withoutUndefined({
    exit: command.exit,
    resources: named(reached.resources.map(comparableResource)),
    messages: comparableMessages(reached, other, side),
    stderr: command.stderr,
  });
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

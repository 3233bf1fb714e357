import { asText } from "../../../local/plugins/server/values";
import type { CommandRecord, Json, JsonObject, StateRecord } from "./types";

/*
 * What the official plugin shows in one run and not in the next, because its parts race with each other and with the
 * cluster. Each function takes away exactly that, on both sides or where only the plugin under test has it.
 */

/** Whose turn it is: the plugin under test may say more than the official one happened to, but never less. */
export interface Side {
  readonly isActual: boolean;
}

const unready = /^(\[Pod [^\]]+\]: )containers with unready status: /;

/**
 * Reasons that the official plugin forgets: what a Deployment's own condition says, as soon as any other Deployment in
 * the namespace changes; what a Pod lacks, unless the Pod changes after its ReplicaSet was seen.
 */
const forgotten = [
  /^\[MinimumReplicasUnavailable\] Deployment does not have minimum availability\.$/,
  unready,
];

/** What a Pod lacked is said as long as its container hasn't ended, and how long that is, is up to its node. */
function isOutlived(reason: string, other: readonly string[]): boolean {
  const pod = unready.exec(reason)?.[1];
  return (
    pod !== undefined &&
    other.some((each) => each.startsWith(`${pod}container `) && each.includes(" completed with exit code "))
  );
}

/** The reasons that a message lists, or just the message. */
function reasonsIn(text: string): string[] {
  const list = /^\d+ errors? occurred:\n(.*)$/s.exec(text)?.[1];
  const reasons = list?.split(/^\t\* /m).slice(1) ?? [text];
  return reasons.map((reason) => withoutRuntime(reason.trim()));
}

/** How a container runtime says that a program can't be started differs between its versions. */
function withoutRuntime(reason: string): string {
  return reason.replace(/(failed to create containerd task: ).*/s, "$1<why>");
}

function withoutForgotten(reasons: string[], other: readonly string[], { isActual }: Side): string[] {
  if (!isActual) return reasons.filter((reason) => other.includes(reason) || !isOutlived(reason, other));
  return reasons.filter(
    (reason) => other.includes(reason) || !forgotten.some((pattern) => pattern.test(reason)),
  );
}

/** A command's messages by severity and resource, those that list reasons as lists; the messages' order is luck. */
export function comparableMessages(
  command: CommandRecord,
  other: CommandRecord | undefined,
  side: Side,
): Record<string, string[][]> {
  const messages = reasonsByResource(command);
  const others = other ? reasonsByResource(other) : {};
  for (const [key, lists] of Object.entries(messages)) {
    const known = others[key]?.flat() ?? [];
    const kept = lists.map((reasons) => withoutForgotten(reasons, known, side));
    messages[key] = kept.sort((a, b) => (a.join("\n") < b.join("\n") ? -1 : 1));
  }
  return messages;
}

function reasonsByResource(command: CommandRecord): Record<string, string[][]> {
  const messages: Record<string, string[][]> = {};
  for (const { severity, resource, text } of command.messages ?? []) {
    (messages[resource === undefined ? severity : `${severity} ${resource}`] ??= []).push(reasonsIn(text));
  }
  return messages;
}

/** A resource of the state without forgotten reasons, drawn ids and ports that the cluster chose. */
export function comparableState(
  state: StateRecord,
  others: readonly StateRecord[] | undefined,
  side: Side,
): StateRecord {
  const other = others?.find(({ name, type }) => name === state.name && type === state.type);
  const result = [withoutDrawn, withoutChosenPorts, withoutCounts, withoutProgress].reduce(
    (current, hide) => hide(current),
    state,
  );
  const reasons = textsIn(state["initErrors"]);
  if (reasons.length === 0) return result;
  return { ...result, initErrors: withoutForgotten(reasons, textsIn(other?.["initErrors"]), side) };
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((item) => withoutRuntime(asText(item))) : [];
}

/**
 * Ids whose form is a matter of luck: the characters of base64, the length of words and of decimal numbers, a
 * digit that the program happens to use too.
 */
function withoutDrawn(state: StateRecord): StateRecord {
  if (!/:(RandomBytes|RandomId|RandomInteger|RandomPet|SelfSignedCert|LocallySignedCert)$/.test(state.type))
    return state;
  const outputs = state["outputs"];
  const drawn = { id: "<drawn>" };
  return {
    ...state,
    ...drawn,
    ...(isObject(outputs) && "id" in outputs && { outputs: { ...outputs, ...drawn } }),
  };
}

/** A Service's node port is the cluster's choice, unless the program says which. */
function withoutChosenPorts(state: StateRecord): StateRecord {
  if (!state.type.endsWith(":Service")) return state;
  const [inputs, outputs] = [state["inputs"], state["outputs"]];
  const given = portsIn(inputs).some((port) => "nodePort" in port);
  if (given || !isObject(outputs) || !isObject(outputs["spec"]) || portsIn(outputs).length === 0)
    return state;
  const ports = portsIn(outputs).map((port) =>
    typeof port["nodePort"] === "number" ? { ...port, nodePort: "<chosen>" } : port,
  );
  return { ...state, outputs: { ...outputs, spec: { ...outputs["spec"], ports } } };
}

/** How far a Deployment's roll-out got in the time that it was waited for. */
function withoutProgress(state: StateRecord): StateRecord {
  const outputs = state["outputs"];
  if (!state.type.endsWith(":Deployment") || !isObject(outputs) || !isObject(outputs["status"])) return state;
  const { conditions } = outputs["status"];
  if (!Array.isArray(conditions)) return state;
  const stages = ["NewReplicaSetCreated", "FoundNewReplicaSet", "ReplicaSetUpdated"];
  const hidden = conditions.map((condition) =>
    isObject(condition) && condition["type"] === "Progressing" && stages.includes(asText(condition["reason"]))
      ? { ...condition, reason: "<stage>", message: "<stage>" }
      : condition,
  );
  return { ...state, outputs: { ...outputs, status: { ...outputs["status"], conditions: hidden } } };
}

/** A Job that is about to fail counts its Pods, and says at last that it has failed, while the plugin reads it. */
function withoutCounts(state: StateRecord): StateRecord {
  const outputs = state["outputs"];
  if (!state.type.endsWith(":Job") || !isObject(outputs) || !isObject(outputs["status"])) return state;
  const { conditions } = outputs["status"];
  const all = Array.isArray(conditions) ? conditions.filter(isObject) : [];
  if (!all.some(({ type }) => type === "FailureTarget")) return state;
  const counted = {
    ...outputs["status"],
    ...{ failed: "<counting>", terminating: "<counting>", uncountedTerminatedPods: "<counting>" },
    conditions: all.filter(({ type }) => type !== "Failed"),
  };
  return { ...state, outputs: { ...outputs, status: counted } };
}

function portsIn(value: Json | undefined): JsonObject[] {
  const spec = isObject(value) ? value["spec"] : undefined;
  const ports = isObject(spec) ? spec["ports"] : undefined;
  return Array.isArray(ports) ? ports.filter(isObject) : [];
}

/** Whether a value has keys. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

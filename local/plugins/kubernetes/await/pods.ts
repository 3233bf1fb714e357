import type { JsonObject, KubeObject } from "../objects";
import { fullName, numberAt, objectsAt, textAt } from "../objects";
import type { Awaiter, RelatedQuery } from "./awaiter";
import { conditionOf, selectorText } from "./awaiter";

/** What is wrong with a Pod, one problem a line. */
export function podProblems(pod: JsonObject): string[] {
  const prefix = `[Pod ${fullName(pod)}]: `;
  const problems: string[] = [];
  const statuses = [
    ...objectsAt(pod, "status", "initContainerStatuses"),
    ...objectsAt(pod, "status", "containerStatuses"),
  ];
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.["status"] === "False") {
    return [`${prefix}[${textAt(scheduled, "reason") ?? ""}] ${textAt(scheduled, "message") ?? ""}`];
  }
  const startFailures = statuses.flatMap((status) => {
    const reason = textAt(status, "state", "terminated", "reason");
    const message = textAt(status, "state", "terminated", "message");
    const isPlain =
      reason === undefined || reason === "Error" || reason === "Completed" || message === undefined;
    return isPlain ? [] : [`${prefix}[${reason}] ${message}`];
  });
  if (startFailures.length > 0) return startFailures;
  const ready = conditionOf(pod, "Ready");
  if (ready?.["status"] === "False" && textAt(ready, "message") !== undefined) {
    const waiting = statuses.flatMap((status) => {
      const message = textAt(status, "state", "waiting", "message");
      return message === undefined
        ? []
        : [`[${textAt(status, "state", "waiting", "reason") ?? ""}] ${message}`];
    });
    problems.push(`${prefix}${textAt(ready, "message") ?? ""}${waiting.join("")}`);
  }
  for (const status of statuses) {
    const code = numberAt(status, "state", "terminated", "exitCode");
    if (code === undefined || code === 0) continue;
    problems.push(
      `${prefix}container "${textAt(status, "name") ?? ""}" completed with exit code ${String(code)}`,
    );
  }
  return problems;
}

/** Asks for the Pods that an object's `spec.selector.matchLabels` selects. */
export function selectedPods(object: KubeObject): readonly RelatedQuery[] {
  const spec = object["spec"];
  const selector =
    typeof spec === "object" && spec !== null && !Array.isArray(spec) ? spec["selector"] : undefined;
  const labels =
    typeof selector === "object" && selector !== null && !Array.isArray(selector)
      ? selector["matchLabels"]
      : undefined;
  const labelSelector = selectorText(labels);
  return labelSelector === "" ? [] : [{ apiVersion: "v1", kind: "Pod", labelSelector }];
}

/** A Pod is ready when its containers are, or when it has succeeded. */
export const podAwaiter: Awaiter = {
  timeoutSeconds: 600,
  judge: ({ object }) => {
    const phase = textAt(object, "status", "phase");
    if (phase === "Succeeded" || conditionOf(object, "Ready")?.["status"] === "True")
      return { state: "ready" };
    const isDone = (type: string) => conditionOf(object, type)?.["status"] === "True";
    const stage = !isDone("PodScheduled") ? "scheduled" : !isDone("Initialized") ? "initialized" : "ready";
    return { state: "waiting", progress: [`Waiting for Pod "${fullName(object)}" to be ${stage}`] };
  },
  problems: ({ object }) => podProblems(object),
};

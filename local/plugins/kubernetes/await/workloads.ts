import { at, fullName, nameOf, numberAt, textAt } from "../objects";
import type { JsonObject, KubeObject } from "../objects";
import type { Awaiter, RelatedQuery } from "./awaiter";
import { conditionOf } from "./awaiter";
import { podProblems, selectedPods } from "./pods";

/** A StatefulSet is ready when all its Pods are of the newest template and ready. */
export const statefulSetAwaiter: Awaiter = {
  timeoutSeconds: 600,
  judge: ({ object }) => {
    const wanted = numberAt(object, "spec", "replicas") ?? 1;
    const ready = numberAt(object, "status", "readyReplicas") ?? 0;
    const updated = numberAt(object, "status", "updatedReplicas") ?? 0;
    const [current, next] = [
      textAt(object, "status", "currentRevision"),
      textAt(object, "status", "updateRevision"),
    ];
    const isRolledOut = updated >= wanted || current === next || isOnDelete(object);
    if (isSeen(object) && ready >= wanted && isRolledOut) {
      return { state: "ready", progress: ["StatefulSet initialization complete"] };
    }
    const counts = `${String(Math.min(ready, wanted))}/${String(wanted)}`;
    return {
      state: "waiting",
      progress: [`[1/2] Waiting for StatefulSet to create Pods (${counts} Pods ready)`],
    };
  },
  explained: selectedPods,
  problems: ({ object, related }) => {
    const wanted = String(numberAt(object, "spec", "replicas") ?? 1);
    const ready = String(numberAt(object, "status", "readyReplicas") ?? 0);
    return [
      `${ready} out of ${wanted} replicas succeeded readiness checks`,
      ...(related["Pod"] ?? []).flatMap(podProblems),
    ];
  },
};

/** A DaemonSet is ready when every node it wants has an available Pod of the newest template. */
export const daemonSetAwaiter: Awaiter = {
  timeoutSeconds: 600,
  judge: ({ object }) => {
    const wanted = numberAt(object, "status", "desiredNumberScheduled") ?? 0;
    const available = numberAt(object, "status", "numberAvailable") ?? 0;
    const updated = numberAt(object, "status", "updatedNumberScheduled") ?? 0;
    if (!isSeen(object))
      return { state: "waiting", progress: ["DaemonSet status.observedGeneration not found"] };
    if (available >= wanted && (updated >= wanted || isOnDelete(object))) {
      return {
        state: "ready",
        progress: [`All replicas scheduled as expected. Replicas: ${String(wanted)}`],
      };
    }
    return { state: "waiting", progress: [`Available: ${String(available)}/${String(wanted)}`] };
  },
  timeoutText: () => "timed out waiting for the condition",
};

/**
 * A Job is ready when it has completed; it has failed when the server says so, or that it is about to. What was wrong with
 * its Pods at any time is told, because they may be gone at the end.
 */
export const jobAwaiter: Awaiter = {
  timeoutSeconds: 600,
  judge: ({ object }) => {
    if (conditionOf(object, "Complete")?.["status"] === "True") return { state: "ready" };
    if (failureOf(object) !== undefined) return { state: "failed" };
    if (at(object, "spec", "suspend") === true) return { state: "ready" };
    if (at(object, "status", "startTime") === undefined) {
      return { state: "waiting", progress: [`Waiting for Job "${fullName(object)}" to start`] };
    }
    const count = (name: string) => String(numberAt(object, "status", name) ?? 0);
    const counts = `Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")}`;
    return { state: "waiting", progress: [`Waiting for Job "${fullName(object)}" to succeed (${counts})`] };
  },
  noted: { objects: podsOf, of: podProblems },
  explained: (object) => [podsOf(object)],
  problems: ({ object, related, noted }) => {
    const failure = failureOf(object);
    return [
      ...new Set([...noted, ...(related["Pod"] ?? []).flatMap(podProblems)]),
      ...(failure ? [`[${textAt(failure, "reason") ?? ""}] ${textAt(failure, "message") ?? ""}`] : []),
    ];
  },
};

function podsOf(job: KubeObject): RelatedQuery {
  return { apiVersion: "v1", kind: "Pod", labelSelector: `job-name=${nameOf(job)}` };
}

function failureOf(job: KubeObject): JsonObject | undefined {
  const conditions = ["Failed", "FailureTarget"].map((type) => conditionOf(job, type));
  return conditions.find((condition) => condition?.["status"] === "True");
}

function isSeen(object: KubeObject): boolean {
  const seen = numberAt(object, "status", "observedGeneration");
  return seen !== undefined && seen >= (numberAt(object, "metadata", "generation") ?? 0);
}

/** The program wants Pods to be renewed by hand only. */
function isOnDelete(object: KubeObject): boolean {
  return textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
}

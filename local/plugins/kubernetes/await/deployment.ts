import { at, nameOf, numberAt, textAt } from "../objects";
import type { Awaiter, View } from "./awaiter";
import { conditionOf } from "./awaiter";
import { podProblems, selectedPods } from "./pods";

/** A Deployment is ready when all its Pods are of the newest template and available. */
export const deploymentAwaiter: Awaiter = {
  timeoutSeconds: 600,
  judge: ({ object }) => {
    const wanted = numberAt(object, "spec", "replicas") ?? 1;
    const seen = numberAt(object, "status", "observedGeneration") ?? 0;
    const isSeen = seen >= (numberAt(object, "metadata", "generation") ?? 0);
    if (isSeen && wanted === 0) {
      return {
        state: "ready",
        progress: [
          `Replicas scaled to 0 for Deployment "${nameOf(object)}"`,
          "Deployment initialization complete",
        ],
      };
    }
    const available = numberAt(object, "status", "availableReplicas") ?? 0;
    const updated = numberAt(object, "status", "updatedReplicas") ?? 0;
    const all = numberAt(object, "status", "replicas") ?? 0;
    if (isSeen && updated >= wanted && available >= updated && all <= updated) {
      return { state: "ready", progress: ["Deployment initialization complete"] };
    }
    const current = isSeen && updated >= wanted ? Math.min(available, updated) : 0;
    const counts = `${String(current)}/${String(wanted)}`;
    return {
      state: "waiting",
      progress: [
        ...unavailability(object),
        `Waiting for app ReplicaSet to be available (${counts} Pods available)`,
      ],
    };
  },
  explained: selectedPods,
  problems: ({ object, related, isUpdate }) => [
    ...unavailability(object),
    isUpdate && (numberAt(object, "status", "availableReplicas") ?? 0) > 0
      ? "Minimum number of Pods to consider the application live was not attained"
      : "Minimum number of live Pods was not attained",
    ...(related["Pod"] ?? []).flatMap(podProblems),
  ],
};

function unavailability(object: View["object"]): string[] {
  return ["Progressing", "Available"].flatMap((type) => {
    const condition = conditionOf(object, type);
    if (at(condition, "status") !== "False") return [];
    return [`[${textAt(condition, "reason") ?? ""}] ${textAt(condition, "message") ?? ""}`];
  });
}

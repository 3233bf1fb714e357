import type { Condition, KubeObject } from "../../infra/cluster/kubeApi";

/** How one thing is. */
export interface Health {
  readonly ready: boolean;
  /** Why it isn't ready, or what is worth knowing when it is. */
  readonly reason: string;
}

function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return object.status.conditions?.find((each) => each.type === type);
}

function isObserved(object: KubeObject): boolean {
  const observed = object.status.observedGeneration;
  return observed === undefined || observed >= object.metadata.generation;
}

/** A node, or an object of Flux: ready when its Ready condition says so for the present generation. */
export function readyHealth(object: KubeObject): Health {
  const ready = conditionOf(object, "Ready");
  if (ready === undefined) return { ready: false, reason: "not looked at yet" };
  // Flux's own count of what it has looked at stands still while it fails; then the condition has its own.
  const isJudged = isObserved(object) || ready.observedGeneration === object.metadata.generation;
  if (!isJudged) return { ready: false, reason: "its newest version is not looked at yet" };
  if (ready.status === "True") return { ready: true, reason: ready.message };
  return { ready: false, reason: [ready.reason, ready.message].filter((part) => part !== "").join(": ") };
}

const succeeded = "ReconciliationSucceeded";

/**
 * A Kustomization of Flux. Flux calls it unknown for as long as it compares the cluster with the repository once more,
 * so meanwhile it is as it was left, unless a revision is at work that was never applied.
 */
export function kustomizationHealth(kustomization: KubeObject): Health {
  const health = readyHealth(kustomization);
  const { status } = kustomization;
  if (health.ready || conditionOf(kustomization, "Ready")?.reason !== "Progressing") return health;
  const applied = status["lastAppliedRevision"];
  const history = status["history"] as readonly { readonly lastReconciledStatus?: string }[] | undefined;
  const isRepeated = typeof applied === "string" && applied === status["lastAttemptedRevision"];
  if (!isObserved(kustomization) || !isRepeated || history?.[0]?.lastReconciledStatus !== succeeded)
    return health;
  return { ready: true, reason: `Applied revision: ${applied}; Flux compares it with the cluster` };
}

/** Conditions of a namespace that say what keeps it from ending. */
const holdingUp =
  /^Namespace(ContentRemaining|FinalizersRemaining|DeletionContentFailure|DeletionDiscoveryFailure)$/;

/** A namespace that is being deleted: what still holds it up; undefined for one that isn't. */
export function endingHealth(namespace: KubeObject): Health | undefined {
  if (namespace.metadata["deletionTimestamp"] === undefined) return undefined;
  const causes = (namespace.status.conditions ?? [])
    .filter(({ type, status }) => status === "True" && holdingUp.test(type))
    .map(({ message }) => message);
  return { ready: false, reason: ["is being deleted", ...new Set(causes)].join("; ") };
}

function count(object: KubeObject, name: string): number {
  const value = object.status[name];
  return typeof value === "number" ? value : 0;
}

/** A Deployment, StatefulSet or DaemonSet: ready when all its replicas of the newest version are. */
export function workloadHealth(object: KubeObject): Health {
  const isDaemon = "desiredNumberScheduled" in object.status;
  const replicas = object.spec["replicas"];
  const wanted = isDaemon
    ? count(object, "desiredNumberScheduled")
    : typeof replicas === "number"
      ? replicas
      : 1;
  const ready = count(object, isDaemon ? "numberReady" : "readyReplicas");
  const updated = count(object, isDaemon ? "updatedNumberScheduled" : "updatedReplicas");
  if ((object.status.observedGeneration ?? 0) < object.metadata.generation) {
    return { ready: false, reason: "its newest version is not looked at yet" };
  }
  if (ready >= wanted && updated >= wanted)
    return { ready: true, reason: `${String(ready)} of ${String(wanted)} ready` };
  const failure = object.status.conditions?.find(
    (each) => each.status === (each.type === "ReplicaFailure" ? "True" : "False") && each.message !== "",
  );
  const counts = `${String(Math.min(ready, updated))} of ${String(wanted)} ready`;
  return { ready: false, reason: failure === undefined ? counts : `${counts}: ${failure.message}` };
}

const waitingStates = new Set(["ContainerCreating", "PodInitializing", ""]);

/** Why a pod isn't running, in its own words; undefined if it runs or merely starts. */
export function podTrouble(pod: KubeObject): string | undefined {
  const statuses = [pod.status["initContainerStatuses"], pod.status["containerStatuses"]].flatMap((each) =>
    Array.isArray(each) ? (each as unknown[]) : [],
  );
  for (const status of statuses) {
    const waiting = (status as { state?: { waiting?: { reason?: string; message?: string } } }).state
      ?.waiting;
    if (waiting !== undefined && !waitingStates.has(waiting.reason ?? "")) {
      return [waiting.reason, waiting.message].filter((part) => part !== undefined && part !== "").join(": ");
    }
  }
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False") return `${scheduled.reason}: ${scheduled.message}`;
  return undefined;
}

import type { KubeObject } from "../objects";
import { annotationOf } from "../objects";
import type { Awaiter } from "./awaiter";
import { deploymentAwaiter } from "./deployment";
import { claimAwaiter, definitionAwaiter, ingressAwaiter } from "./others";
import { podAwaiter } from "./pods";
import { serviceAwaiter } from "./service";
import { parseWaitFor, waitForAwaiter } from "./waitFor";
import { daemonSetAwaiter, jobAwaiter, statefulSetAwaiter } from "./workloads";

const awaiters: Readonly<Record<string, Awaiter>> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": definitionAwaiter,
  "apps/v1/DaemonSet": daemonSetAwaiter,
  "apps/v1/Deployment": deploymentAwaiter,
  "apps/v1/StatefulSet": statefulSetAwaiter,
  "batch/v1/Job": jobAwaiter,
  "networking.k8s.io/v1/Ingress": ingressAwaiter,
  "v1/PersistentVolumeClaim": claimAwaiter,
  "v1/Pod": podAwaiter,
  "v1/Service": serviceAwaiter,
};

/**
 * How to wait for an object: what its annotation pulumi.com/waitFor says, else what its kind needs; undefined if it is
 * ready when the server has taken it. Throws if the annotation can't be understood.
 */
export function awaiterOf(object: KubeObject): Awaiter | undefined {
  const asked = annotationOf(object, "pulumi.com/waitFor");
  if (asked !== undefined && asked !== "") return waitForAwaiter(parseWaitFor(asked));
  return awaiters[`${object.apiVersion}/${object.kind}`];
}

/** Whether the annotation pulumi.com/skipAwait makes a deletion of this kind return at once. */
export function hasAwaitedDeletion(object: KubeObject): boolean {
  return ["DaemonSet", "Deployment", "Namespace", "Pod", "StatefulSet"].includes(object.kind);
}

import { asText } from "../server/values";
import type { KubeClient } from "./client";
import { ApiError } from "./client";
import type { Kinds } from "./kinds";
import { NoSuchKind, pathOf } from "./kinds";
import type { JsonObject, KubeObject } from "./objects";
import { annotationOf, at, nameOf, namespaceOf, textAt } from "./objects";
import { follow } from "./watch";

export interface Deletion {
  readonly client: KubeClient;
  readonly kinds: Kinds;
  readonly object: KubeObject;
  readonly timeoutSeconds: number;
  /** return when the server has accepted the request */
  readonly skipAwait: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  readonly onWarning: (text: string) => void;
}

/** Kinds whose objects own no others: to wait for the garbage collector would only take time. */
const leaves = new Set(
  "ClusterRole ClusterRoleBinding ConfigMap LimitRange Namespace NetworkPolicy ResourceQuota Role RoleBinding Secret".split(
    " ",
  ),
);

/** Deletes an object and waits until it is gone. That it is gone already, or its kind is, is no failure. */
export async function deleteObject(deletion: Deletion): Promise<void> {
  const { client, object, signal } = deletion;
  const path = await place(deletion);
  if (path === undefined) return;
  const policy = annotationOf(object, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  const propagationPolicy =
    policy === "orphan"
      ? "Orphan"
      : policy === "background" || leaves.has(object.kind)
        ? "Background"
        : "Foreground";
  let answer: JsonObject;
  try {
    answer = await client.request("DELETE", path.object, { body: { propagationPolicy } });
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return;
    throw error;
  }
  if (deletion.skipAwait) {
    deletion.onProgress("Skipping await logic");
    return;
  }
  const uid = textAt(answer, "metadata", "uid");
  // A Status instead of the object says that it is gone.
  if (uid === undefined) return;
  let last: KubeObject = { ...object, ...answer };
  let isAnnounced = false;
  const deadline = AbortSignal.timeout(deletion.timeoutSeconds * 1000);
  let isGone = false;
  // Without its version, so that it is looked for first: what some kinds' deletion answers is the last event that there is.
  const start = { ...last, metadata: { ...last.metadata } };
  delete start.metadata["resourceVersion"];
  await follow(
    client,
    { kind: path.kind, object: start, signal: AbortSignal.any([signal, deadline]) },
    (changed) => {
      isGone = changed === undefined || textAt(changed, "metadata", "uid") !== uid;
      if (!isGone && changed !== undefined) {
        if (!isAnnounced && at(changed, "metadata", "deletionTimestamp") !== undefined) {
          deletion.onProgress("Resource scheduled for deletion");
          isAnnounced = true;
        }
        last = changed;
      }
      return isGone;
    },
  );
  // The callback above set it, which the compiler can't see.
  if (isGone as boolean) return;
  const finalizers = at(last, "metadata", "finalizers");
  if (Array.isArray(finalizers) && finalizers.length > 0) {
    deletion.onWarning(`finalizers might be preventing deletion (${finalizers.map(asText).join(", ")})`);
  }
  throw new Error("timed out waiting for the condition");
}

async function place(deletion: Deletion) {
  const { object } = deletion;
  try {
    const kind = await deletion.kinds.get(object.apiVersion, object.kind);
    return { kind, object: pathOf(kind, namespaceOf(object), nameOf(object)) };
  } catch (error) {
    if (error instanceof NoSuchKind) return undefined;
    throw error;
  }
}

/** Seconds to wait: what the program's options say, what the object's annotation says, or the default. */
export function timeoutOf(object: KubeObject, requested: number, otherwise: number): number {
  if (requested > 0) return requested;
  const annotated = Number(annotationOf(object, "pulumi.com/timeoutSeconds"));
  return Number.isFinite(annotated) && annotated > 0 ? annotated : otherwise;
}

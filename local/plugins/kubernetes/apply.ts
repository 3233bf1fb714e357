import type { KubeClient, Query } from "./client";
import { ApiError } from "./client";
import { creator, forces, isUnmigrated, migratedFields } from "./fieldManagers";
import type { Kinds } from "./kinds";
import { NoSuchKind, pathOf } from "./kinds";
import type { JsonObject, KubeObject } from "./objects";
import { isJsonObject, nameOf, namespaceOf, textAt } from "./objects";
import { follow } from "./watch";

const applyType = "application/apply-patch+yaml";
const troubleshooting =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

export interface Target {
  readonly client: KubeClient;
  readonly kinds: Kinds;
  /** the server says what it would do, and does nothing */
  readonly dryRun: boolean;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  /** how long to wait between attempts, and in all for a predecessor to be gone, in milliseconds; default: about a minute in all */
  readonly pauses?: readonly number[];
}

/** Between attempts to create an object whose kind or namespace isn't there yet: about a minute in all. */
const defaultPauses = [500, 1500, 4000, 12_000, 42_000];

/**
 * Creates an object: by POST, or by server-side apply (`upsert`), which also takes over what exists if nothing conflicts.
 * While the kind or the namespace is missing it tries again for about a minute, as another step of the same update may be
 * creating it; as long it waits for a predecessor of the same name whose deletion nobody waited for. Not in a dry run.
 */
export async function createObject(
  target: Target,
  object: KubeObject,
  options: { readonly fieldManager: string; readonly upsert: boolean; readonly force: boolean },
): Promise<KubeObject> {
  const pauses = target.pauses ?? defaultPauses;
  for (let attempt = 0; ; attempt++) {
    try {
      return options.upsert ? await apply(target, object, options) : await post(target, object);
    } catch (error) {
      const isMissing = error instanceof NoSuchKind || (error instanceof ApiError && error.code === 404);
      if (target.dryRun && isMissing) throw error;
      const isTaken = error instanceof ApiError && error.reason === "AlreadyExists";
      if (!target.dryRun && attempt === 0 && isTaken && (await holderGoes(target, object, pauses))) continue;
      target.onProgress(
        `Retry #${String(attempt)}; creation failed: ${error instanceof Error ? error.message : ""}`,
      );
      const pause = pauses[attempt];
      if (!isMissing || pause === undefined || target.signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * Whether the holder of a name goes, or has gone by now: one that still has its finalizers, as after a deletion with `skipAwait`. The
 * API server's words don't tell, as they are chosen after the refusal, when the holder may just have gone.
 */
async function holderGoes(target: Target, object: KubeObject, pauses: readonly number[]): Promise<boolean> {
  const kind = await target.kinds.get(object.apiVersion, object.kind);
  const deadline = AbortSignal.timeout(pauses.reduce((sum, pause) => sum + pause, 0));
  const signal = AbortSignal.any([target.signal, deadline]);
  let isGone = false;
  await follow(target.client, { kind, object, signal }, (holder) => {
    isGone = holder === undefined;
    return isGone || textAt(holder, "metadata", "deletionTimestamp") === undefined;
  });
  return isGone;
}

async function post(target: Target, object: KubeObject): Promise<KubeObject> {
  const kind = await target.kinds.get(object.apiVersion, object.kind);
  const query = { fieldManager: creator, ...dryRunOf(target) };
  return (await target.client.request("POST", pathOf(kind, namespaceOf(object)), {
    query,
    body: object,
  })) as KubeObject;
}

/** Applies an object server-side. A conflict's message names the managers. */
export async function apply(
  target: Pick<Target, "client" | "kinds" | "dryRun">,
  object: KubeObject,
  options: { readonly fieldManager: string; readonly force: boolean },
): Promise<KubeObject> {
  const kind = await target.kinds.get(object.apiVersion, object.kind);
  const query = { fieldManager: options.fieldManager, force: String(options.force), ...dryRunOf(target) };
  const path = pathOf(kind, namespaceOf(object), nameOf(object));
  try {
    return (await target.client.request("PATCH", path, {
      query,
      body: object,
      contentType: applyType,
    })) as KubeObject;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 409) throw error;
    throw new ApiError(
      409,
      error.reason,
      `server-side apply field conflict detected, see ${troubleshooting} for troubleshooting help\n` +
        `The resource managed by field manager "${options.fieldManager}" had an apply conflict: ${error.message}`,
    );
  }
}

/** The object as it is. Throws an ApiError with code 404 if it is gone. */
export async function getObject(
  target: Pick<Target, "client" | "kinds">,
  object: KubeObject,
): Promise<KubeObject> {
  const kind = await target.kinds.get(object.apiVersion, object.kind);
  return (await target.client.request(
    "GET",
    pathOf(kind, namespaceOf(object), nameOf(object)),
  )) as KubeObject;
}

/** Updates an object that exists by server-side apply, after taking over the fields of those who wrote it plainly. */
export async function updateObject(
  target: Target,
  object: KubeObject,
  options: { readonly fieldManager: string; readonly providerForces: boolean; readonly isPatch: boolean },
): Promise<KubeObject> {
  const live = await getObject(target, object);
  const isForced = forces(object, options.providerForces);
  if (target.dryRun) {
    // A dry run can't move the creator's fields to the apply manager: without force it would conflict with ourselves.
    return await apply(target, object, { ...options, force: isForced || isUnmigrated(live) });
  }
  if (!options.isPatch) await migrate(target, live, options.fieldManager);
  return await apply(target, object, { ...options, force: isForced });
}

/** Updates an object by the difference between two versions of its inputs, whoever manages the fields. */
export async function patchObject(
  target: Pick<Target, "client" | "kinds" | "dryRun">,
  old: JsonObject,
  object: KubeObject,
): Promise<KubeObject> {
  const kind = await target.kinds.get(object.apiVersion, object.kind);
  return (await target.client.request("PATCH", pathOf(kind, namespaceOf(object), nameOf(object)), {
    query: { fieldManager: creator, ...dryRunOf(target) },
    body: mergePatch(old, object),
    contentType: "application/merge-patch+json",
  })) as KubeObject;
}

/** The JSON merge patch that leads from one object to another. */
export function mergePatch(old: JsonObject, next: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(old)) if (next[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(next)) {
    const before = old[key];
    if (isJsonObject(before) && isJsonObject(value)) {
      const inner = mergePatch(before, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (JSON.stringify(before) !== JSON.stringify(value)) patch[key] = value;
  }
  return patch;
}

async function migrate(target: Target, first: KubeObject, fieldManager: string): Promise<void> {
  let live = first;
  for (let attempt = 0; ; attempt++) {
    const managedFields = migratedFields(live, fieldManager);
    if (managedFields === undefined) return;
    const kind = await target.kinds.get(live.apiVersion, live.kind);
    try {
      await target.client.request("PATCH", pathOf(kind, namespaceOf(live), nameOf(live)), {
        contentType: "application/json-patch+json",
        query: { fieldManager },
        body: [
          { op: "replace", path: "/metadata/managedFields", value: managedFields },
          {
            op: "replace",
            path: "/metadata/resourceVersion",
            value: textAt(live, "metadata", "resourceVersion") ?? "",
          },
        ],
      });
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 409 || attempt >= 5) throw error;
      live = await getObject(target, live);
    }
  }
}

function dryRunOf(target: Pick<Target, "dryRun">): Query {
  return target.dryRun ? { dryRun: "All" } : {};
}

import { messageOf } from "../../../infra/fault";
import type { UpdateRequest } from "../server/provider";
import { ResourceInitError } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { getObject, patchObject, updateObject } from "./apply";
import { awaiterOf } from "./await";
import { checkpointOf, outputsOf } from "./checkpoint";
import { isForbidden } from "./client";
import type { Connection } from "./cluster";
import { Unreachable } from "./cluster";
import type { Context } from "./context";
import { progressOf } from "./context";
import { timeoutOf } from "./delete";
import { fieldManagerOf } from "./fieldManagers";
import { isPatchType } from "./identity";
import type { JsonObject, KubeObject } from "./objects";
import { clearObject, fullName, isAnnotated } from "./objects";
import { NotReady, untilReady } from "./ready";
import { renderResource } from "./render";

/** Applies a resource's new inputs and waits until the object is ready; in a preview, by a dry run. */
export async function updateResource(context: Context, request: UpdateRequest): Promise<PropertyMap> {
  const object = clearObject(request.news);
  if (object === undefined) return request.news;
  const { renderDirectory } = context.settings;
  if (renderDirectory !== undefined) {
    if (request.preview) return request.news;
    return renderResource(renderDirectory, request.news, progressOf(context, request.urn)).properties;
  }
  let connection: Connection;
  try {
    connection = await context.cluster.connect();
  } catch (error) {
    if (request.preview && error instanceof Unreachable) return request.news;
    throw error;
  }
  const old = checkpointOf(request.olds);
  const fieldManager = fieldManagerOf(object, old.fieldManager);
  const onProgress = progressOf(context, request.urn);
  const outputs = (live: KubeObject) =>
    outputsOf({
      live,
      inputs: request.news,
      initialApiVersion: old.initialApiVersion ?? object.apiVersion,
      fieldManager,
    });
  const failed = (live: KubeObject, [first, ...others]: readonly string[]) => {
    const reason =
      `the Kubernetes API server reported that "${fullName(object)}" failed to fully initialize or become live: ` +
      (first ?? "");
    const partial = { id: request.id, properties: outputs(live), inputs: request.oldInputs };
    return new ResourceInitError(reason, { ...partial, reasons: [reason, ...others] });
  };
  let live: KubeObject;
  try {
    const target = { ...connection, dryRun: request.preview, onProgress, signal: context.signal };
    live = context.settings.serverSideApply
      ? await updateObject(target, object, {
          fieldManager,
          providerForces: context.settings.patchForce,
          isPatch: isPatchType(request.type, object.kind),
        })
      : await patchObject(target, old.inputs as JsonObject, object);
  } catch (error) {
    // Whoever may only look has the old and the new inputs compared, and nothing more.
    if (request.preview && isForbidden(error)) return request.news;
    const cause = messageOf(error);
    let current: KubeObject;
    try {
      current = await getObject(connection, object);
    } catch (reading) {
      const because = messageOf(reading);
      throw new Error(
        `update of resource "${request.urn}" failed: ${cause}\nunable to get cluster state: ${because}`,
      );
    }
    throw failed(current, [cause]);
  }
  if (request.preview) return outputs(live);
  if (isAnnotated(object, "pulumi.com/skipAwait")) {
    onProgress("Skipping await logic");
    return outputs(live);
  }
  const awaiter = awaiterOf(object);
  if (awaiter === undefined) return outputs(live);
  try {
    const timeoutSeconds = timeoutOf(object, request.timeout, awaiter.timeoutSeconds);
    const wait = {
      ...connection,
      object: live,
      awaiter,
      timeoutSeconds,
      isUpdate: true,
      signal: context.signal,
      onProgress,
    };
    return outputs(await untilReady(wait));
  } catch (error) {
    if (error instanceof NotReady) throw failed(error.live, error.reasons);
    throw error;
  }
}

import type { DeleteRequest } from "../server/provider";
import { apply } from "./apply";
import { hasAwaitedDeletion } from "./await";
import { checkpointOf } from "./checkpoint";
import { ApiError } from "./client";
import type { Connection } from "./cluster";
import { Unreachable } from "./cluster";
import type { Context } from "./context";
import { progressOf, warningOf } from "./context";
import { deleteObject, timeoutOf } from "./delete";
import { creator } from "./fieldManagers";
import { isPatchType, objectOf } from "./identity";
import { NoSuchKind } from "./kinds";
import { isAnnotated } from "./objects";
import { unrenderResource } from "./render";
import { unreachableDelete, unreachableDropped } from "./texts";

const defaultTimeoutSeconds = 600;

/** Deletes a resource's object and waits until it is gone. A patch gives up its fields, and leaves the object. */
export async function deleteResource(context: Context, request: DeleteRequest): Promise<void> {
  const old = checkpointOf(request.properties);
  const { renderDirectory } = context.settings;
  if (renderDirectory !== undefined) {
    const rendered = objectOf(request.type, request.id, old.inputs);
    unrenderResource(renderDirectory, rendered, progressOf(context, request.urn));
    return;
  }
  let connection: Connection;
  try {
    connection = await context.cluster.connect();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    warningOf(context, request.urn)(error.message);
    if (!context.settings.deleteUnreachable) throw new Error(unreachableDelete);
    context.host.log("info", unreachableDropped, { urn: request.urn });
    return;
  }
  const object = objectOf(request.type, request.id, old.inputs);
  if (isPatchType(request.type, object.kind)) {
    await relinquish(connection, object, old.fieldManager ?? creator);
    return;
  }
  await deleteObject({
    ...connection,
    object,
    timeoutSeconds: timeoutOf(object, request.timeout, defaultTimeoutSeconds),
    skipAwait: isAnnotated(object, "pulumi.com/skipAwait") && hasAwaitedDeletion(object),
    signal: context.signal,
    onProgress: progressOf(context, request.urn),
    onWarning: warningOf(context, request.urn),
  });
}

async function relinquish(
  connection: Connection,
  object: Parameters<typeof apply>[1],
  fieldManager: string,
): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const { name = "", namespace } = metadata;
  const bare = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
  try {
    await apply({ ...connection, dryRun: false }, bare, { fieldManager, force: false });
  } catch (error) {
    if (error instanceof NoSuchKind || (error instanceof ApiError && error.code === 404)) return;
    throw error;
  }
}

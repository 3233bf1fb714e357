import { messageOf } from "../../../infra/fault";
import type { CreateRequest } from "../server/provider";
import { ResourceInitError } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { isMap, unknown } from "../server/values";
import { createObject } from "./apply";
import { awaiterOf } from "./await";
import { outputsOf } from "./checkpoint";
import { ApiError, isForbidden } from "./client";
import type { Connection } from "./cluster";
import { Unreachable } from "./cluster";
import type { Context } from "./context";
import { progressOf } from "./context";
import { timeoutOf } from "./delete";
import { removalOf } from "./deprecations";
import { creator, fieldManagerOf, forces } from "./fieldManagers";
import { isPatchType } from "./identity";
import { NoSuchKind } from "./kinds";
import type { JsonObject, KubeObject } from "./objects";
import { clearObject, fullName, isAnnotated } from "./objects";
import { NotReady, untilReady } from "./ready";
import { renderResource } from "./render";
import { alreadyExistsHelp } from "./texts";

/** Creates a resource's object and waits until it is ready; in a preview, lets the server say whether it would. */
export async function createResource(
  context: Context,
  request: CreateRequest,
): Promise<{ id: string; properties: PropertyMap }> {
  const object = clearObject(request.properties);
  if (object === undefined) return { id: "", properties: request.properties };
  const { renderDirectory } = context.settings;
  if (renderDirectory !== undefined) {
    if (request.preview) return { id: "", properties: request.properties };
    return renderResource(renderDirectory, request.properties, progressOf(context, request.urn));
  }
  const refused = (cause: string) =>
    new Error(
      `resource "${request.urn}" was not successfully created by the Kubernetes API server: ${cause}`,
    );
  const removal = removalOf(object.apiVersion, object.kind);
  let connection: Connection;
  try {
    if (removal !== undefined) throw refused(removal);
    connection = await context.cluster.connect();
  } catch (error) {
    if (!request.preview || (removal === undefined && !(error instanceof Unreachable))) throw error;
    return { id: "", properties: request.properties };
  }
  const fieldManager = fieldManagerOf(object, context.settings.serverSideApply ? undefined : creator);
  const onProgress = progressOf(context, request.urn);
  const awaiter = parsed(() => awaiterOf(object), refused);
  let live: KubeObject;
  try {
    const isPatch = isPatchType(request.type, object.kind);
    live = await createObject(
      { ...connection, dryRun: request.preview, onProgress, signal: context.signal },
      object,
      {
        fieldManager,
        upsert: context.settings.serverSideApply && (context.settings.upsert || isPatch),
        force: forces(object, context.settings.patchForce),
      },
    );
  } catch (error) {
    if (request.preview && passesPreview(error)) return { id: "", properties: request.properties };
    throw explained(error, object, request.urn, refused);
  }
  const outputs = (current: JsonObject) =>
    outputsOf({
      live: current,
      inputs: request.properties,
      initialApiVersion: object.apiVersion,
      fieldManager,
    });
  const id = fullName(live);
  if (request.preview) return { id, properties: previewed(outputs(live)) };
  if (isAnnotated(object, "pulumi.com/skipAwait")) {
    onProgress("Skipping await logic");
  } else if (awaiter !== undefined) {
    const timeoutSeconds = timeoutOf(object, request.timeout, awaiter.timeoutSeconds);
    try {
      live = await untilReady({
        ...connection,
        object: live,
        awaiter,
        timeoutSeconds,
        isUpdate: false,
        signal: context.signal,
        onProgress,
      });
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      const [first, ...others] = error.reasons;
      const reason =
        `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it failed ` +
        `to fully initialize or become live: ${first ?? ""}`;
      throw new ResourceInitError(reason, {
        id,
        properties: outputs(error.live),
        inputs: request.properties,
        reasons: [reason, ...others],
      });
    }
  }
  return { id, properties: outputs(live) };
}

/** A preview doesn't fail for what another step of the same update may mend, or what the dry run can't know. */
function passesPreview(error: unknown): boolean {
  if (error instanceof NoSuchKind) return true;
  if (!(error instanceof ApiError)) return false;
  return error.code === 404 || error.code === 409 || isForbidden(error);
}

function explained(
  error: unknown,
  object: KubeObject,
  urn: string,
  refused: (cause: string) => Error,
): Error {
  if (error instanceof NoSuchKind) {
    return new Error(
      `creation of resource "${urn}" with kind ${object.apiVersion}/${object.kind} failed because the Kubernetes API ` +
        "server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been " +
        `created: ${error.message}`,
    );
  }
  if (error instanceof ApiError) {
    return refused(error.message + (error.reason === "AlreadyExists" ? alreadyExistsHelp : ""));
  }
  return error instanceof Error ? error : new Error(String(error));
}

function parsed<T>(work: () => T, refused: (cause: string) => Error): T {
  try {
    return work();
  } catch (error) {
    throw refused(messageOf(error));
  }
}

/** A dry run's outputs, without what the real run will give other values: programs see those as unknown. */
function previewed(outputs: PropertyMap): PropertyMap {
  const metadata = outputs["metadata"];
  const rest = Object.fromEntries(Object.entries(outputs).filter(([key]) => key !== "status"));
  if (!isMap(metadata)) return rest;
  const changing = { uid: unknown, resourceVersion: unknown, creationTimestamp: unknown };
  return { ...rest, metadata: { ...metadata, ...changing } };
}

import type { ReadRequest, ReadResult } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { isMap, secret } from "../server/values";
import { getObject } from "./apply";
import { checkpointOf, importedInputs, isSecretKind, markSecrets, outputsOf, pruned } from "./checkpoint";
import { ApiError } from "./client";
import type { Connection } from "./cluster";
import { Unreachable } from "./cluster";
import type { Context } from "./context";
import { warningOf } from "./context";
import { fieldManagerOf } from "./fieldManagers";
import { objectOf } from "./identity";
import { NoSuchKind } from "./kinds";
import type { KubeObject } from "./objects";
import { fullName } from "./objects";
import { unreachableDropped, unreachableKept } from "./texts";

const gone: ReadResult = { id: "", properties: {}, inputs: {} };

/** Reads a resource's object: for a refresh, an import or a `.get()`. */
export async function readResource(context: Context, request: ReadRequest): Promise<ReadResult> {
  const old = checkpointOf(request.properties);
  if (context.settings.renderDirectory !== undefined) {
    return { id: request.id, properties: request.properties, inputs: request.inputs };
  }
  let connection: Connection;
  try {
    connection = await context.cluster.connect();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    warningOf(context, request.urn)(error.message);
    const text = context.settings.deleteUnreachable ? unreachableDropped : unreachableKept;
    context.host.log("info", text, { urn: request.urn });
    if (context.settings.deleteUnreachable) return gone;
    return { id: request.id, properties: request.properties, inputs: request.inputs };
  }
  let live: KubeObject;
  try {
    live = await getObject(connection, objectOf(request.type, request.id, old.inputs));
  } catch (error) {
    if (error instanceof NoSuchKind || (error instanceof ApiError && error.code === 404)) return gone;
    throw error;
  }
  const isKnown = Object.keys(old.inputs).length > 0;
  const clear = isKnown ? pruned(live, old.inputs) : importedInputs(live);
  const inputs = secretsOf(live, clear, request.inputs);
  const properties = outputsOf({
    live,
    inputs,
    initialApiVersion: old.initialApiVersion ?? live.apiVersion,
    fieldManager: fieldManagerOf(live, old.fieldManager),
  });
  return { id: fullName(live), properties, inputs };
}

/** The inputs with what was secret before, and a Secret's content, wrapped. */
function secretsOf(live: KubeObject, clear: PropertyMap, before: PropertyMap): PropertyMap {
  const marked = markSecrets(clear, before);
  const inputs = isMap(marked) ? marked : clear;
  if (!isSecretKind(live) || inputs["data"] === undefined) return inputs;
  return { ...inputs, data: secret(inputs["data"]) };
}

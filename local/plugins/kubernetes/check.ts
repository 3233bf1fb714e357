import type { CheckRequest, CheckResult } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { isMap, revealed } from "../server/values";
import { withName } from "./autonaming";
import type { Context } from "./context";
import { warningOf } from "./context";
import { deprecationOf } from "./deprecations";
import { isPatchType } from "./identity";
import { normalised } from "./normalise";
import { skippedUnreachable } from "./texts";

/** A resource's inputs as they will be applied: named, in a namespace, a Secret's `stringData` encoded. */
export async function checkResource(context: Context, request: CheckRequest): Promise<CheckResult> {
  const { settings } = context;
  const group = request.type.split(":")[1] ?? "";
  if (!group.includes("/"))
    throw new Error(`apiVersion does not have both a group and a version: "${group}"`);
  const apiVersion = text(request.news, "apiVersion");
  const kind = text(request.news, "kind");
  if (settings.skipUpdateUnreachable && (await context.cluster.problem()) !== undefined) {
    warningOf(context, request.urn)(skippedUnreachable);
    if (Object.keys(request.olds).length > 0) return { inputs: request.olds };
  }
  const deprecation = deprecationOf(apiVersion, kind, settings.suppressDeprecationWarnings);
  if (deprecation !== undefined) warningOf(context, request.urn)(deprecation);
  const metadata = request.news["metadata"];
  const isNameless = metadata === undefined || (isMap(metadata) && metadata["name"] === undefined);
  if (settings.serverSideApply && isPatchType(request.type, kind)) {
    if (isNameless) throw new Error("patch resources require the `.metadata.name` field to be set");
  } else if (
    settings.serverSideApply &&
    isMap(metadata) &&
    metadata["generateName"] !== undefined &&
    isNameless
  ) {
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }
  const isMarked = !settings.serverSideApply || labelsOf(request.olds)?.[managedBy] === "pulumi";
  const marked = isMarked ? withLabel(request.news) : request.news;
  const named = withName(normalised(marked), request);
  return { inputs: await withNamespace(context, named, apiVersion, kind) };
}

const managedBy = "app.kubernetes.io/managed-by";

function labelsOf(inputs: Readonly<PropertyMap>): PropertyMap | undefined {
  const metadata = inputs["metadata"];
  const labels = isMap(metadata) ? metadata["labels"] : undefined;
  return isMap(labels) ? labels : undefined;
}

/** Marks an object as Pulumi's, where no field manager does; once marked it stays so. */
function withLabel(inputs: PropertyMap): PropertyMap {
  const metadata = inputs["metadata"] ?? {};
  if (!isMap(metadata)) return inputs;
  const labels = { ...labelsOf(inputs), [managedBy]: "pulumi" };
  return { ...inputs, metadata: { ...metadata, labels } };
}

async function withNamespace(
  context: Context,
  inputs: PropertyMap,
  apiVersion: string,
  kind: string,
): Promise<PropertyMap> {
  const metadata = inputs["metadata"] ?? {};
  if (!isMap(metadata)) return inputs;
  const given = metadata["namespace"];
  if (given !== undefined && given !== null && given !== "") return inputs;
  if ((await context.cluster.isNamespaced(apiVersion, kind)) !== true) return inputs;
  return { ...inputs, metadata: { ...metadata, namespace: defaultNamespace(context) } };
}

/** Where objects go that name no namespace. */
export function defaultNamespace(context: Context): string {
  return context.settings.namespace ?? context.cluster.namespace ?? "default";
}

function text(inputs: PropertyMap, key: string): string {
  const value = revealed(inputs[key] ?? "");
  return typeof value === "string" ? value : "";
}

import type { InvokeRequest, InvokeResult } from "../server/provider";
import { revealedMap, asText } from "../server/values";
import type { Context } from "./context";
import { objectsIn } from "./helm/facts";
import { renderedObjects } from "./helm/template";
import type { JsonObject } from "./objects";
import { isJsonObject } from "./objects";

/** The functions that the SDK's older YAML and chart resources call. */
export async function invokeFunction(context: Context, request: InvokeRequest): Promise<InvokeResult> {
  const args = revealedMap(request.args);
  switch (request.token) {
    case "kubernetes:yaml:decode": {
      const text = typeof args["text"] === "string" ? args["text"] : "";
      const namespace = typeof args["defaultNamespace"] === "string" ? args["defaultNamespace"] : undefined;
      const objects = await Promise.all(objectsIn(text).map((object) => placed(context, object, namespace)));
      return { return: { result: objects } };
    }
    case "kubernetes:helm:template": {
      const options: unknown = JSON.parse(typeof args["jsonOpts"] === "string" ? args["jsonOpts"] : "{}");
      const inputs = isJsonObject(options) ? options : {};
      const name = asText(inputs["releaseName"] ?? inputs["name"] ?? "release");
      const chart = inputs["chart"] ?? inputs["path"] ?? "";
      return { return: { result: await renderedObjects(context, name, { ...inputs, name, chart }) } };
    }
    default:
      throw new Error(`unknown function "${request.token}"`);
  }
}

async function placed(
  context: Context,
  object: JsonObject,
  namespace: string | undefined,
): Promise<JsonObject> {
  const metadata = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  if (namespace === undefined || metadata["namespace"] !== undefined) return object;
  const isNamespaced = await context.cluster.isNamespaced(
    asText(object["apiVersion"]),
    asText(object["kind"]),
  );
  return isNamespaced === true ? { ...object, metadata: { ...metadata, namespace } } : object;
}

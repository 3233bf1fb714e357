import type { ConstructRequest, ConstructResult } from "../../server/provider";
import type { PropertyMap, PropertyValue } from "../../server/values";
import { hasUnknown } from "../../server/values";
import { defaultNamespace } from "../check";
import type { Context } from "../context";
import { renderedObjects } from "../helm/template";
import type { JsonObject } from "../objects";
import { isJsonObject, namespaceOf, textAt } from "../objects";
import { Monitor } from "./monitor";
import { describedObjects, inOrder, logicalName, textInput, typeOf, withSkipAwait } from "./objects";

const chartType = "kubernetes:helm.sh/v4:Chart";
const yamlTypes = ["kubernetes:yaml/v2:ConfigGroup", "kubernetes:yaml/v2:ConfigFile"];

/** Registers a component of the SDK that the plugin makes: YAML text or files, or a rendered chart. */
export async function constructComponent(
  context: Context,
  request: ConstructRequest,
): Promise<ConstructResult> {
  const { type, name, inputs } = request;
  if (type !== chartType && !yamlTypes.includes(type)) throw new Error(`unknown resource type "${type}"`);
  using monitor = new Monitor(request.monitorEndpoint);
  const { urn } = await monitor.register({
    type,
    name,
    parent: request.parent,
    inputs: {},
    isComponent: true,
  });
  if (hasUnknown(inputs)) return { urn, state: {} };
  const objects =
    type === chartType ? await renderedObjects(context, name, inputs) : describedObjects(inputs);
  const resources: PropertyValue[] = [];
  let before: string[] = [];
  for (const group of inOrder(objects)) {
    const registered = await Promise.all(
      group.map(async (object) =>
        monitor.register({
          ...(await partOf(context, textInput(inputs, "resourcePrefix") ?? name, object, inputs)),
          parent: urn,
          provider: request.providers["kubernetes"],
          isComponent: false,
          dependencies: before,
        }),
      ),
    );
    before = registered.map((part) => part.urn);
    for (const part of registered) resources.push(reference(part.urn, part.id));
  }
  // Only the program gets the list of its parts; the state holds none.
  await monitor.complete(urn, {});
  return { urn, state: { resources } };
}

async function partOf(
  context: Context,
  prefix: string,
  object: JsonObject,
  inputs: PropertyMap,
): Promise<{ type: string; name: string; inputs: PropertyMap }> {
  const placed = await inNamespace(context, object, textInput(inputs, "namespace"));
  const part = withSkipAwait(placed, inputs["skipAwait"] === true);
  return { type: typeOf(part), name: logicalName(prefix, part), inputs: part };
}

/** The object in its namespace, which is part of its logical name. */
async function inNamespace(
  context: Context,
  object: JsonObject,
  chosen: string | undefined,
): Promise<JsonObject> {
  if (namespaceOf(object) !== "") return object;
  const isNamespaced = await context.cluster.isNamespaced(
    textAt(object, "apiVersion") ?? "",
    textAt(object, "kind") ?? "",
  );
  if (isNamespaced !== true) return object;
  const metadata = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: { ...metadata, namespace: chosen ?? defaultNamespace(context) } };
}

/** A reference to a resource, as the protocol carries it. */
function reference(urn: string, id: string): PropertyMap {
  return { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn, id };
}

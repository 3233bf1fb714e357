import type { InvokeRequest, InvokeResult } from "../server/provider";
import { hasUnknown, revealedMap, unknown, type PropertyMap } from "../server/values";
import type { Arm } from "./arm";
import { outputsIn } from "./outputs";
import { idOf, pathOf } from "./paths";
import type { Sdk } from "./sdk";
import type { Settings } from "./settings";

/** Functions that ask a resource for something of its own: whose, and by which of Azure's actions. */
const actions: Readonly<Record<string, { readonly kind: string; readonly action: string }>> = {
  "containerregistry:listRegistryCredentials": { kind: "Registry", action: "listCredentials" },
  "containerservice:listManagedClusterAdminCredentials": {
    kind: "ManagedCluster",
    action: "listClusterAdminCredential",
  },
  "containerservice:listManagedClusterUserCredentials": {
    kind: "ManagedCluster",
    action: "listClusterUserCredential",
  },
  "storage:listStorageAccountKeys": { kind: "StorageAccount", action: "listKeys" },
};

/** What functions are answered with. */
export interface InvokeContext {
  readonly sdk: Sdk;
  readonly settings: Settings;
  /** Where resources are; absent where there is nothing but a preview. */
  readonly arm: Arm | undefined;
}

/**
 * Answers a function of the package.
 *
 * @throws if the stand-in doesn't have it, or it needs Azure and there is no double.
 */
export async function invokeFunction(context: InvokeContext, request: InvokeRequest): Promise<InvokeResult> {
  const { settings, sdk, arm } = context;
  const [, module = "", name = ""] = request.token.replace(/\/v\w+:/, ":").split(":");
  if (module === "authorization" && name === "getClientConfig") {
    const { client, subscription, tenant } = settings;
    const objectId = client;
    return { return: { clientId: client, objectId, subscriptionId: subscription, tenantId: tenant } };
  }
  const action = actions[`${module}:${name}`];
  const kindName = action?.kind ?? /^get([A-Z]\w*)$/.exec(name)?.[1];
  if (kindName === undefined) {
    throw new Error(
      `${request.token}: this stand-in plugin doesn't have that function; install the official plugin`,
    );
  }
  const kind = sdk.kind(`azure-native:${module}:${kindName}`);
  if (hasUnknown(request.args)) return { return: unknownOutputs(kind.outputs.keys()) };
  const args = revealedMap(request.args);
  const id = idOf(pathOf(kind), args, settings.subscription);
  if (id === undefined) throw new Error(`${request.token}: what it is asked for doesn't name a resource`);
  if (arm === undefined) {
    throw new Error(
      `${request.token} needs an answer of Azure about ${id}, which this stand-in plugin can't reach; install the official plugin`,
    );
  }
  if (action !== undefined) return { return: await arm.post(id, action.action) };
  const body = await arm.get(id);
  if (body === undefined) throw new Error(`${request.token}: there is no ${id}`);
  return { return: { ...outputsIn(kind, body, {}), id } };
}

function unknownOutputs(names: Iterable<string>): PropertyMap {
  return Object.fromEntries([...names].map((name) => [name, unknown]));
}

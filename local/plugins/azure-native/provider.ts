import type * as server from "../server/provider";
import { hasUnknown, revealedMap, type PropertyMap } from "../server/values";
import { Arm, provisioningState } from "./arm";
import { checkInputs } from "./check";
import { diffOf } from "./diff";
import { invokeFunction } from "./invoke";
import { bodyOf, driftedInputs, outputsIn, previewOutputs } from "./outputs";
import { idOf, inputsIn, pathOf, type ResourcePath } from "./paths";
import { replacingInputs } from "./replacements";
import type { Kind, Sdk } from "./sdk";
import { settingsOf, type Settings } from "./settings";

/** The version of the SDK whose plugin this one stands in for. */
export const version = "3.28.0";

const tooLittle =
  "this stand-in for the plugin azure-native shows previews and reaches no Azure; install the official plugin: " +
  `pulumi plugin install resource azure-native ${version}`;

interface Place {
  readonly kind: Kind;
  readonly location: ResourcePath;
}

/**
 * A Pulumi provider of the package `azure-native` that previews any of its kinds; and makes them in a double of Azure on this
 * machine, where a test has one (`TERP_AZURE_DOUBLE`).
 */
export class AzureProvider implements server.ResourceProvider {
  readonly version = version;
  private settings: Settings | undefined;
  private readonly groupLocations = new Map<string, string>();

  constructor(private readonly sdk: Sdk) {}

  checkConfig({ news }: server.CheckConfigRequest): Promise<server.CheckResult> {
    return Promise.resolve({ inputs: news });
  }

  // The official plugin says the same: whatever is changed about the provider changes no resource by itself.
  diffConfig(): Promise<server.DiffResult> {
    return Promise.resolve({ changes: "unknown" });
  }

  configure(request: server.ConfigureRequest): Promise<void> {
    this.settings = settingsOf({ ...request, args: revealedMap(request.args) });
    return Promise.resolve();
  }

  async check(request: server.CheckRequest): Promise<server.CheckResult> {
    return await checkInputs(this.placeOf(request.type), request, {
      setting: this.known.location,
      ofGroup: (name) => this.locationOf(name),
    });
  }

  diff({ type, olds, oldInputs, news }: server.DiffRequest): Promise<server.DiffResult> {
    const { kind, location } = this.placeOf(type);
    const before = Object.keys(oldInputs).length > 0 ? oldInputs : olds;
    return Promise.resolve(diffOf(before, news, replacingInputs(kind, location)));
  }

  async create(request: server.CreateRequest): Promise<{ id: string; properties: PropertyMap }> {
    const place = this.placeOf(request.type);
    const { properties: inputs } = request;
    if (request.preview) {
      return { id: "", properties: previewOutputs({ sdk: this.sdk, kind: place.kind }, inputs) };
    }
    const id = this.idOf(place, inputs);
    if (!place.location.isPart && (await this.arm.get(id)) !== undefined)
      throw new Error(`cannot create already existing resource '${id}'`);
    const body = await this.put(id, place, inputs);
    return {
      id: typeof body["id"] === "string" ? body["id"] : id,
      properties: outputsIn(place.kind, body, inputs),
    };
  }

  async read({ id, type, properties, inputs }: server.ReadRequest): Promise<server.ReadResult> {
    const { kind, location } = this.placeOf(type);
    const body = await this.arm.get(id);
    if (body === undefined) return { id: "", properties: {}, inputs: {} };
    const outputs = outputsIn(kind, body, inputs);
    const isImport = Object.keys(inputs).length === 0;
    const names = kind.inputs.filter((name) => kind.outputs.has(name));
    const taken = isImport
      ? { ...inputsIn(location, id), ...pick(outputs, names) }
      : driftedInputs(inputs, properties, outputs, names);
    return { id, properties: outputs, inputs: taken };
  }

  async update(request: server.UpdateRequest): Promise<PropertyMap> {
    const place = this.placeOf(request.type);
    const { news: inputs, olds } = request;
    if (request.preview) return previewOutputs({ sdk: this.sdk, kind: place.kind }, inputs, olds);
    return outputsIn(place.kind, await this.put(request.id, place, inputs), inputs);
  }

  async delete({ id, type }: server.DeleteRequest): Promise<void> {
    if (!this.placeOf(type).location.isPart) await this.arm.delete(id);
  }

  async invoke(request: server.InvokeRequest): Promise<server.InvokeResult> {
    const arm = this.known.double === undefined ? undefined : this.arm;
    return await invokeFunction({ sdk: this.sdk, settings: this.known, arm }, request);
  }

  private placeOf(type: string): Place {
    const kind = this.sdk.kind(type);
    return { kind, location: pathOf(kind) };
  }

  private idOf({ kind, location }: Place, inputs: PropertyMap): string {
    const id = idOf(location, revealedMap(inputs), this.known.subscription);
    if (id === undefined || hasUnknown(inputs)) throw new Error(`${kind.token}: its id isn't known yet`);
    return id;
  }

  private async put(id: string, { kind, location }: Place, inputs: PropertyMap): Promise<PropertyMap> {
    const body = await this.arm.put(id, bodyOf(kind, location, revealedMap(inputs)));
    if (provisioningState(body) === "Failed") throw new Error(`${id}: provisioning failed`);
    return body;
  }

  private async locationOf(group: string): Promise<string | undefined> {
    const known = this.groupLocations.get(group);
    if (known !== undefined || this.known.double === undefined) return known;
    const id = `/subscriptions/${this.known.subscription}/resourceGroups/${group}`;
    const location = (await this.arm.get(id))?.["location"];
    if (typeof location !== "string") return undefined;
    this.groupLocations.set(group, location);
    return location;
  }

  private get known(): Settings {
    if (this.settings === undefined)
      throw new Error("the azure-native provider is used before it is configured");
    return this.settings;
  }

  private get arm(): Arm {
    if (this.known.double === undefined) throw new Error(tooLittle);
    return new Arm(this.known.double);
  }
}

function pick(map: PropertyMap, names: readonly string[]): PropertyMap {
  return Object.fromEntries(
    names.flatMap((name) => (name in map ? [[name, map[name] ?? null] as const] : [])),
  );
}

import type { CheckFailure, CheckRequest, CheckResult } from "../server/provider";
import { unknown, Unknown, type PropertyMap, type PropertyValue } from "../server/values";
import { withName } from "./naming";
import type { ResourcePath } from "./paths";
import type { Kind } from "./sdk";

/** Where a resource is made if it doesn't say so. */
export interface DefaultLocation {
  /** The provider's setting. */
  readonly setting: string | undefined;
  /** Looks up a resource group's. */
  readonly ofGroup: (name: string) => Promise<string | undefined>;
}

/** Fills in name, location and API version as the official plugin does, and names inputs that are missing or unknown. */
export async function checkInputs(
  { kind, location }: { readonly kind: Kind; readonly location: ResourcePath },
  request: CheckRequest,
  defaults: DefaultLocation,
): Promise<CheckResult> {
  const given = Object.fromEntries(Object.entries(request.news).filter(([, value]) => value !== null));
  const named = withName(given, location, request);
  const place =
    kind.inputs.includes("location") && named["location"] === undefined
      ? await defaultLocation(request.olds, named, defaults)
      : undefined;
  const inputs: PropertyMap = {
    ...named,
    ...(place !== undefined && { location: place }),
    ...(kind.apiVersion !== undefined && { azureApiVersion: kind.apiVersion }),
  };
  return { inputs, failures: [...missing(kind, location, inputs), ...unheardOf(kind, given)] };
}

async function defaultLocation(
  olds: PropertyMap,
  inputs: PropertyMap,
  { setting, ofGroup }: DefaultLocation,
): Promise<PropertyValue | undefined> {
  if (olds["location"] !== undefined) return olds["location"];
  if (setting !== undefined) return setting;
  const group = inputs["resourceGroupName"];
  if (group instanceof Unknown) return unknown;
  return typeof group === "string" ? await ofGroup(group) : undefined;
}

function missing(kind: Kind, { name }: ResourcePath, inputs: PropertyMap): CheckFailure[] {
  // Whatever has a location for certain once it is made needs one to be made.
  const needsLocation = kind.inputs.includes("location") && kind.outputs.get("location") === "string";
  const wanted = [
    ...kind.required,
    ...(name === undefined ? [] : [name]),
    ...(needsLocation ? ["location"] : []),
  ];
  return [...new Set(wanted)]
    .filter((each) => inputs[each] === undefined)
    .map((each) => ({
      reason:
        `missing required property '${each}'` +
        (each === "location"
          ? ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
          : ""),
    }));
}

/** The official plugin sends them to Azure, which refuses or drops them. */
function unheardOf(kind: Kind, given: PropertyMap): CheckFailure[] {
  return Object.keys(given)
    .filter((name) => !kind.inputs.includes(name))
    .map((name) => ({ property: name, reason: `${kind.token} has no input '${name}'` }));
}

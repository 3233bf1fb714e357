import { generatedName } from "../kubernetes/autonaming";
import type { CheckRequest } from "../server/provider";
import type { PropertyMap } from "../server/values";
import type { ResourcePath } from "./paths";

/** The input by which the official plugin remembers that a name was made up, so that a replacement can come first. */
export const madeUpName = "__createBeforeDelete";

/**
 * The inputs with a name for the resource: its own, the one of before, or a new one. What lies in a resource group directly gets
 * its logical name and eight hexadecimal digits, a role assignment a UUID, and anything else its logical name.
 */
export function withName(
  inputs: PropertyMap,
  location: ResourcePath,
  { name, olds, randomSeed, autonaming }: Pick<CheckRequest, "name" | "olds" | "randomSeed" | "autonaming">,
): PropertyMap {
  const key = location.name;
  if (key === undefined || (inputs[key] ?? null) !== null) return inputs;
  if (location.onlyName !== undefined) return { ...inputs, [key]: location.onlyName };
  const before = olds[key];
  if (before !== undefined) {
    return { ...inputs, [key]: before, ...(olds[madeUpName] === true && { [madeUpName]: true }) };
  }
  if (autonaming?.mode === "disable") return inputs;
  const isUuid = /^role(Assignment|Definition)/.test(key);
  if (autonaming !== undefined && (autonaming.mode === "enforce" || !isUuid))
    return { ...inputs, [key]: autonaming.proposedName, [madeUpName]: true };
  if (isUuid) return { ...inputs, [key]: uuid(randomSeed), [madeUpName]: true };
  const isTop = location.parameters.every((each) => each === key || each === "resourceGroupName");
  if (!isTop) return { ...inputs, [key]: name };
  // Unlike the plugin for Kubernetes, this one puts nothing between the two.
  return { ...inputs, [key]: name + generatedName("", randomSeed).slice(1), [madeUpName]: true };
}

function uuid(seed: Uint8Array): string {
  const digits =
    generatedName("", seed).slice(1) + Buffer.from(seed.subarray(4, 16)).toString("hex").padEnd(24, "0");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

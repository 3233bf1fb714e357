import { isMap, Secret, Unknown, type PropertyMap, type PropertyValue } from "../server/values";
import type { Kind, Property } from "./kind";

/**
 * Checks that every input is known to the kind and of its type.
 *
 * @throws Error in the words of the official plugins.
 */
export function checkTypes(kind: Kind, inputs: PropertyMap): void {
  for (const [name, value] of Object.entries(inputs)) {
    const property = kind.properties[name];
    if (property === undefined) {
      const names = Object.keys(kind.properties).join(", ");
      throw new Error(`the input "${name}" isn't known to this stand-in plugin, only ${names}`);
    }
    if (value === null || value instanceof Unknown) continue;
    const plain = value instanceof Secret ? value.value : value;
    if (plain instanceof Unknown || hasType(plain, property.type)) continue;
    const expected = property.type.replace(/^(bool|.)(?:ean)?/, (_, start: string) => capital(start));
    throw new Error(
      `cannot encode resource inputs to call ValidateResourceConfig: objectEncoder failed on property "${name}": ` +
        `Expected a ${expected}, got resource.PropertyValue{V:${goSyntax(plain)}} true`,
    );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function hasType(value: PropertyValue, type: Property["type"]): boolean {
  if (type === "list") return Array.isArray(value);
  if (type === "map") return isMap(value);
  return typeof value === type;
}

/** A value as Go's `%#v` shows it, near enough for a message. */
function goSyntax(value: PropertyValue): string {
  return JSON.stringify(value);
}

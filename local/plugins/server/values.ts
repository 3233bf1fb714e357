/** The key that marks a tagged object on the wire of Pulumi's plugin protocol. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value that must never be shown or stored in clear. The engine encrypts it as long as it stays wrapped. */
export class Secret {
  /** @param value what is kept secret; holds no further Secret at its top. */
  public constructor(public readonly value: PropertyValue) {}
}

/** A value that is not known before the update has run. There is one instance, `unknown`. */
export class Unknown {
  public readonly unknown = true;
}
export const unknown = new Unknown();

/** Named property values, as resources and provider settings have them. Keys with no value are absent. */
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** A Pulumi property value. Assets and archives stay what they are on the wire: objects with a signature key. */
export type PropertyValue =
  null | boolean | number | string | Secret | Unknown | PropertyValue[] | PropertyMap;

/** A plain value as text: a string itself, nothing as the empty string, anything else as JSON. */
export function asText(value: PropertyValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a value is an object with keys (and none of the special values). */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** A value as the protocol's Struct message holds it: JSON. */
export type WireValue = null | boolean | number | string | WireValue[] | { [key: string]: WireValue };

/** Reads a value as it came over the wire. Output values become their content, wrapped if secret, `unknown` if absent. */
export function fromWire(value: WireValue): PropertyValue {
  if (typeof value === "string") return value === unknownText ? unknown : value;
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== "object" || value === null) return value;
  const signature = value[signatureKey];
  if (signature === secretSignature) return secret(fromWire(value["value"] ?? null));
  if (signature === outputSignature) {
    const content = value["value"] === undefined ? unknown : fromWire(value["value"]);
    return value["secret"] === true ? secret(content) : content;
  }
  if (signature === resourceSignature) return fromWire(value["id"] ?? value["urn"] ?? null);
  const result: PropertyMap = {};
  for (const [key, item] of Object.entries(value)) result[key] = fromWire(item);
  return result;
}

/** Writes a value for the wire. */
export function toWire(value: PropertyValue): WireValue {
  if (value instanceof Secret) return { [signatureKey]: secretSignature, value: toWire(value.value) };
  if (value instanceof Unknown) return unknownText;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, WireValue> = {};
  for (const [key, item] of Object.entries(value) as [string, PropertyValue | undefined][]) {
    if (item !== undefined) result[key] = toWire(item);
  }
  return result;
}

/** Wraps a value; what is a Secret already is returned as it is. */
export function secret(value: PropertyValue): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

/** The value without any secret wrapper at any depth. The result is clear text: never log or return it. */
export function revealed(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (!isMap(value)) return value;
  return revealedMap(value);
}

/** `revealed` for the keys of a map. */
export function revealedMap(map: Readonly<PropertyMap>): PropertyMap {
  const result: PropertyMap = {};
  for (const [key, item] of Object.entries(map)) result[key] = revealed(item);
  return result;
}

/** Whether any part of the value fulfils the condition; looks into secrets, lists and maps. */
export function some(value: PropertyValue, condition: (part: PropertyValue) => boolean): boolean {
  if (condition(value)) return true;
  if (value instanceof Secret) return some(value.value, condition);
  if (Array.isArray(value)) return value.some((item) => some(item, condition));
  return isMap(value) && Object.values(value).some((item) => some(item, condition));
}

/** Whether the value has an unknown part. */
export function hasUnknown(value: PropertyValue): boolean {
  return some(value, (part) => part instanceof Unknown);
}

/** Whether the value has a secret part. */
export function hasSecret(value: PropertyValue): boolean {
  return some(value, (part) => part instanceof Secret);
}

/** Whether two values are the same, in content and in what is secret. */
export function equal(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (a instanceof Secret || b instanceof Secret)
    return a instanceof Secret && b instanceof Secret && equal(a.value, b.value);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

import type { PropertyMap, PropertyValue } from "../server/values";
import { isMap, Secret, secret, unknown, Unknown } from "../server/values";

/** A Secret's inputs as the server stores them: `stringData` becomes part of `data`, in base64. Others stay as they are. */
export function normalised(inputs: Readonly<PropertyMap>): PropertyMap {
  if (inputs["kind"] !== "Secret" || inputs["apiVersion"] !== "v1") return { ...inputs };
  const strings = content(inputs["stringData"]);
  if (strings === undefined) return withSecretData(inputs);
  const data = content(inputs["data"]) ?? {};
  if (!isMap(strings) || !isMap(data)) return { ...inputs };
  const merged: PropertyMap = { ...data };
  for (const [key, value] of Object.entries(strings)) merged[key] = base64(value);
  const rest = Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "stringData"));
  return { ...rest, data: secret(merged) };
}

/** Data that comes from plain text (YAML, a chart) is as secret as any. */
function withSecretData(inputs: Readonly<PropertyMap>): PropertyMap {
  const data = inputs["data"];
  return data === undefined || data === null ? { ...inputs } : { ...inputs, data: secret(data) };
}

function content(value: PropertyValue | undefined): PropertyValue | undefined {
  if (value === null) return undefined;
  return value instanceof Secret ? value.value : value;
}

function base64(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return base64(value.value);
  if (value instanceof Unknown) return unknown;
  // What isn't text is left for the server to refuse.
  return typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value;
}

import { randomBytes } from "node:crypto";
import type { CheckRequest } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { isMap, Secret } from "../server/values";

/** Marks an object whose name was generated. */
export const autonamedAnnotation = "pulumi.com/autonamed";

/** Whether the inputs' name was generated. */
export function isAutonamed(inputs: Readonly<PropertyMap>): boolean {
  const metadata = part(inputs, "metadata");
  return metadata !== undefined && part(metadata, "annotations")?.[autonamedAnnotation] === "true";
}

/** The resource's inputs with a name: their own, the one generated before, or a new one. */
export function withName(
  inputs: Readonly<PropertyMap>,
  request: Pick<CheckRequest, "name" | "olds" | "randomSeed" | "autonaming">,
): PropertyMap {
  const metadata = inputs["metadata"] ?? {};
  if (!isMap(metadata) || metadata["name"] !== undefined || metadata["generateName"] !== undefined)
    return { ...inputs };
  const isNew = Object.keys(request.olds).length === 0;
  if (!isNew) {
    // A name that was given before and isn't any more is left out: the engine then replaces the object under a new name.
    if (!isAutonamed(request.olds)) return { ...inputs };
    return named(inputs, metadata, part(request.olds, "metadata")?.["name"] as string);
  }
  if (request.autonaming?.mode === "disable") {
    throw new Error("automatic naming is disabled but resource requires a name");
  }
  return named(
    inputs,
    metadata,
    request.autonaming?.proposedName ?? generatedName(request.name, request.randomSeed),
  );
}

/** `<logical name>-<8 hex digits>`; the digits are the same for the same seed. */
export function generatedName(logicalName: string, seed: Uint8Array): string {
  const bytes = seed.length >= 4 ? Buffer.from(seed.subarray(0, 4)) : randomBytes(4);
  return `${logicalName}-${bytes.toString("hex")}`;
}

function named(inputs: Readonly<PropertyMap>, metadata: PropertyMap, name: string): PropertyMap {
  const annotations = metadata["annotations"];
  const marked = isMap(annotations)
    ? { ...annotations, [autonamedAnnotation]: "true" }
    : annotations === undefined || annotations === null
      ? { [autonamedAnnotation]: "true" }
      : annotations;
  return { ...inputs, metadata: { ...metadata, name, annotations: marked } };
}

function part(map: Readonly<PropertyMap>, key: string): PropertyMap | undefined {
  const value = map[key];
  const content = value instanceof Secret ? value.value : value;
  return isMap(content) ? content : undefined;
}

import type { z } from "zod";

/** The schema of the setting at a path, as far as the given values tell which of several kinds applies. */
export function schemaAt(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
  const inner = unwrap(schema);
  const [key, ...rest] = path;
  if (key === undefined) return inner;
  const object = objectFor(inner, value);
  const next = object === undefined ? valueSchema(inner) : shapeOf(object)[String(key)];
  return next === undefined ? undefined : schemaAt(next, valueAt(value, [key]), rest);
}

/** The names that an object at this place may have; none where it isn't known which kind it is. */
export function keysOf(schema: z.core.$ZodType, value: unknown): string[] {
  const object = objectFor(unwrap(schema), value);
  return object === undefined ? [] : Object.keys(shapeOf(object));
}

/** What was given at a path. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** The words a setting admits, if it admits only some: the literals of a union's `kind`, or those of the setting itself. */
export function wordsOf(parent: z.core.$ZodType, key: PropertyKey): string[] {
  const inner = unwrap(parent);
  const options = isUnion(inner) ? inner._zod.def.options : [inner];
  return options.flatMap((option) => {
    const setting = isObject(option) ? shapeOf(option)[String(key)] : undefined;
    const word = setting === undefined ? undefined : unwrap(setting);
    if (word !== undefined && isEnum(word)) return Object.values(word._zod.def.entries).map(String);
    return word !== undefined && isLiteral(word) ? word._zod.def.values.map(String) : [];
  });
}

function objectFor(schema: z.core.$ZodType, value: unknown): z.core.$ZodObject | undefined {
  if (isObject(schema)) return schema;
  if (!isUnion(schema)) return undefined;
  const kind = valueAt(value, ["kind"]);
  return schema._zod.def.options.filter(isObject).find((option) => {
    const literal = shapeOf(option)["kind"];
    return literal !== undefined && isLiteral(literal) && literal._zod.def.values.includes(kind as string);
  });
}

function valueSchema(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return isRecord(schema) ? schema._zod.def.valueType : elementOf(schema);
}

/** What each of a list is; undefined where no list is expected. */
export function elementOf(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const inner = schema === undefined ? undefined : unwrap(schema);
  return inner !== undefined && isArray(inner) ? inner._zod.def.element : undefined;
}

/** Whether a list of this kind needs one at least. */
export function isNeverEmpty(schema: z.core.$ZodType | undefined): boolean {
  const inner = schema === undefined ? undefined : unwrap(schema);
  return inner?._zod.def.checks?.some(({ _zod: { def } }) => def.check === "min_length") ?? false;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return isWrapper(schema) ? unwrap(schema._zod.def.innerType) : schema;
}

function shapeOf(schema: z.core.$ZodObject): Readonly<Record<string, z.core.$ZodType>> {
  return schema._zod.def.shape;
}

function isObject(schema: z.core.$ZodType): schema is z.core.$ZodObject {
  return schema._zod.def.type === "object";
}
function isUnion(schema: z.core.$ZodType): schema is z.core.$ZodUnion {
  return schema._zod.def.type === "union";
}
function isRecord(schema: z.core.$ZodType): schema is z.core.$ZodRecord {
  return schema._zod.def.type === "record";
}
function isArray(schema: z.core.$ZodType): schema is z.core.$ZodArray {
  return schema._zod.def.type === "array";
}
function isLiteral(schema: z.core.$ZodType): schema is z.core.$ZodLiteral {
  return schema._zod.def.type === "literal";
}
function isEnum(schema: z.core.$ZodType): schema is z.core.$ZodEnum {
  return schema._zod.def.type === "enum";
}
function isWrapper(schema: z.core.$ZodType): schema is z.core.$ZodOptional | z.core.$ZodDefault {
  return schema._zod.def.type === "optional" || schema._zod.def.type === "default";
}

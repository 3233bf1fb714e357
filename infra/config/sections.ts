import type { z } from "zod";
import type { PlatformConfig, RawConfig } from "../config";
import type { Fault } from "../fault";
import { faultsOf } from "./faults";
import { nearest } from "./nearest";
import { defaults, schemas, secretSettings } from "./schema";
import { commandsFor } from "./setting";

/** The sections that are as they should be. */
export type Sections = Partial<Omit<PlatformConfig, "stack">>;

/** Reads each section by itself, so that a fault in one hides none in another. */
export function readSections(raw: RawConfig): {
  readonly sections: Sections;
  readonly faults: readonly Fault[];
} {
  const faults = unknownSections(raw);
  const read = (name: keyof Sections, schema: z.ZodType): unknown => {
    const result = readSection(raw, name, schema);
    faults.push(...result.faults);
    return result.value;
  };
  const names = Object.keys(schemas) as (keyof typeof schemas)[];
  // Each schema's type is held against its section's where the schemas stand together.
  const found = names
    .map((name) => [name, read(name, schemas[name])] as const)
    .filter(([, value]) => value !== undefined);
  return { sections: Object.fromEntries(found), faults };
}

function readSection<T>(
  raw: RawConfig,
  name: keyof Sections,
  schema: z.ZodType<T>,
): { readonly value?: T; readonly faults: readonly Fault[] } {
  if (raw.secrets.includes(name)) return { faults: [secretInTheClearPart(raw, name)] };
  const text = raw.values[name] ?? defaults[name];
  const value = text === undefined ? undefined : jsonOrText(text);
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, faults: [] };
  return {
    faults: faultsOf({
      environment: raw.environment,
      section: name,
      schema,
      value,
      issues: result.error.issues,
    }),
  };
}

/** Pulumi hands objects over as JSON, and a single word as it is. */
function jsonOrText(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function unknownSections(raw: RawConfig): Fault[] {
  const known = [...Object.keys(schemas), ...secretSettings];
  return Object.keys(raw.values)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      const { remove } = commandsFor(raw.environment, [name]);
      return {
        path: name,
        given: "a setting that doesn't exist",
        expected: `one of ${known.join(", ")}`,
        remedy:
          meant === undefined ? `type: ${remove}` : `did you mean "${meant}"? To remove it, type: ${remove}`,
      };
    });
}

function secretInTheClearPart(raw: RawConfig, name: string): Fault {
  return {
    path: name,
    given: "a secret",
    expected: `plain values; the stack's only secrets are ${secretSettings.join(", ")}`,
    remedy: `remove the encrypted value from Pulumi.${raw.environment}.yaml and write it in clear`,
  };
}

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
  const read = <T>(name: keyof Sections, schema: z.ZodType<T>): T | undefined => {
    const result = readSection(raw, name, schema);
    faults.push(...result.faults);
    return result.value;
  };
  const {
    environment,
    cluster,
    azure,
    git,
    flux,
    keys,
    tenants,
    oidc,
    logs,
    ingress,
    grafana,
    charts,
    certificates,
    dns,
  } = {
    environment: read("environment", schemas.environment),
    grafana: read("grafana", schemas.grafana),
    cluster: read("cluster", schemas.cluster),
    azure: read("azure", schemas.azure),
    git: read("git", schemas.git),
    flux: read("flux", schemas.flux),
    keys: read("keys", schemas.keys),
    tenants: read("tenants", schemas.tenants),
    oidc: read("oidc", schemas.oidc),
    logs: read("logs", schemas.logs),
    ingress: read("ingress", schemas.ingress),
    charts: read("charts", schemas.charts),
    certificates: read("certificates", schemas.certificates),
    dns: read("dns", schemas.dns),
  };
  return {
    sections: {
      ...(environment !== undefined && { environment }),
      ...(grafana && { grafana }),
      ...(cluster && { cluster }),
      ...(azure && { azure }),
      ...(git && { git }),
      ...(flux && { flux }),
      ...(keys && { keys }),
      ...(tenants && { tenants }),
      ...(oidc && { oidc }),
      ...(logs && { logs }),
      ...(ingress && { ingress }),
      ...(charts && { charts }),
      ...(certificates && { certificates }),
      ...(dns && { dns }),
    },
    faults,
  };
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

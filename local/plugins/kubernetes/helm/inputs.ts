import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { CheckFailure } from "../../server/provider";
import type { PropertyMap, PropertyValue } from "../../server/values";
import { isMap, Secret } from "../../server/values";
import { isJsonObject } from "../objects";

/** What a release's inputs are where the program says nothing. */
const defaults: Readonly<PropertyMap> = {
  allowNullValues: false,
  atomic: false,
  cleanupOnFail: false,
  createNamespace: false,
  dependencyUpdate: false,
  description: "",
  devel: false,
  disableCRDHooks: false,
  disableOpenapiValidation: false,
  disableWebhooks: false,
  forceUpdate: false,
  keyring: "",
  lint: false,
  postrender: "",
  recreatePods: false,
  renderSubchartNotes: false,
  replace: false,
  resetValues: false,
  reuseValues: false,
  skipAwait: false,
  skipCrds: false,
  timeout: 300,
  values: {},
  verify: false,
  waitForJobs: false,
};

/** Inputs that are the SDK's own business, or outputs. */
const dropped = ["compat", "manifest", "resourceNames", "status"];

/** A release's inputs with every default. */
export function completed(inputs: Readonly<PropertyMap>): PropertyMap {
  const given = Object.entries(inputs).filter(([key, value]) => !dropped.includes(key) && value !== null);
  const result: PropertyMap = { ...defaults, ...Object.fromEntries(given) };
  if (result["allowNullValues"] !== true) result["values"] = withoutNulls(result["values"] ?? {});
  return result;
}

function withoutNulls(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return new Secret(withoutNulls(value.value));
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/** What a chart's own file says. */
export interface ChartFacts {
  readonly version: string;
}

/** Whether a chart's name means a folder or archive on this machine, rather than one in a repository. */
export function isLocal(chart: string, hasRepository: boolean): boolean {
  if (
    hasRepository ||
    chart.startsWith("oci://") ||
    chart.startsWith("https://") ||
    chart.startsWith("http://")
  )
    return false;
  return chart.startsWith(".") || chart.startsWith("/") || existsSync(chart);
}

/** The facts of a chart in a folder; undefined for an archive. A folder or file that is missing is a check's failure. */
export function localChart(chart: string): ChartFacts | CheckFailure | undefined {
  if (!existsSync(chart)) {
    const reason = `path "${chart}" not found; check the chart name and repository configuration.`;
    return { property: "chart", reason };
  }
  const file = join(chart, "Chart.yaml");
  if (!existsSync(file)) return undefined;
  const facts: unknown = parse(readFileSync(file, "utf8"));
  return isJsonObject(facts) && typeof facts["version"] === "string"
    ? { version: facts["version"] }
    : undefined;
}

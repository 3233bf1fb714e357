import { strict as assert } from "node:assert";

import type { Manifest } from "../../components/manifest";
import { renderedService } from "./serviceChart";
import { smallest } from "./serviceValues";

/** A container of the chart's, as far as tests look into it. */
export interface MadeContainer {
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}

interface MadePod {
  readonly serviceAccountName?: string;
  readonly containers: readonly MadeContainer[];
  readonly volumes?: readonly { readonly configMap?: { readonly name: string } }[];
}

interface MadeRule {
  readonly filters?: readonly object[];
  readonly http?: { readonly paths: readonly { readonly path: string }[] };
}

/** An object of the chart's, as far as tests look into it. */
export interface Made extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly maxUnavailable?: number;
    readonly unhealthyPodEvictionPolicy?: string;
    readonly strategy?: object;
    readonly template?: { readonly spec: MadePod };
    readonly rules?: readonly MadeRule[];
  };
}

/** What the chart makes of values beside an image. */
export async function made(values: object, words: readonly string[] = []): Promise<readonly Made[]> {
  return (await renderedService({ ...smallest, ...values }, { words })) as readonly Made[];
}

/** The one object of a kind that it makes. */
export async function one(values: object, kind: string, words?: readonly string[]): Promise<Made> {
  const [found, ...others] = (await made(values, words)).filter((each) => each.kind === kind);
  assert.ok(found !== undefined && others.length === 0, kind);
  return found;
}

/** The pod of a workload. */
export function podOf({ kind, spec }: Made): MadePod {
  assert.ok(spec.template, kind);
  return spec.template.spec;
}

/** The container of a workload. */
export function containerOf(workload: Made): MadeContainer {
  return podOf(workload).containers[0] ?? {};
}

/** Its variables by their name, each with its text or where that is. */
export function environmentOf(workload: Made): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (containerOf(workload).env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
  );
}

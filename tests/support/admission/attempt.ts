import type { Caller } from "../controlPlane";

/** An object as the tests write it: without a name it gets one. */
export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Something that a tenant tries in its namespace `blue-app`. */
export interface Attempt {
  /** What it is, as the end of "a tenant may" or "a tenant may not". */
  readonly what: string;
  /** What is made; with {@link change}, what an administrator has made before. */
  readonly object: Written;
  /** What the tenant changes of it, as a merge patch; `null` deletes it. */
  readonly change?: Readonly<Record<string, unknown>> | null;
  /** Which part of it is written, e.g. `ephemeralcontainers`. */
  readonly part?: string;
  /** @default the tenant, who has every right in its namespace */
  readonly as?: Caller;
  /** @default "blue-app" */
  readonly namespace?: string;
  /** Which policy denies it, and what it says; admitted if absent. */
  readonly denied?: readonly [policy: string, says: string | RegExp];
}

/** Shortens `terp-tenant-…` of {@link Attempt.denied}. */
export function by(policy: string) {
  return (says: string | RegExp): readonly [string, string | RegExp] => [`terp-tenant-${policy}`, says];
}

/** An object of a kind with a `spec`. */
export function withSpec(apiVersion: string, kind: string) {
  return (spec: unknown, metadata: Record<string, unknown> = {}): Written => ({
    apiVersion,
    kind,
    metadata,
    spec,
  });
}

/** Metadata with annotations. */
export function annotated(annotations: Record<string, string>): Record<string, unknown> {
  return { annotations };
}

/** Metadata with labels. */
export function labelled(labels: Record<string, string>): Record<string, unknown> {
  return { labels };
}

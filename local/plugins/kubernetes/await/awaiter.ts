import type { JsonObject, KubeObject } from "../objects";

/** Objects that a verdict or an explanation looks at beside the awaited one. */
export interface RelatedQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
}

/** What there is to be seen when a verdict is asked for. */
export interface View {
  /** the awaited object as it is now */
  readonly object: KubeObject;
  /** objects by kind, as far as the awaiter asked for them */
  readonly related: Readonly<Record<string, readonly JsonObject[]>>;
  /** what the awaiter's `noted` said since the wait began, each once */
  readonly noted: readonly string[];
  /** since the wait began, in milliseconds */
  readonly elapsed: number;
  /** the wait follows an update, not a creation */
  readonly isUpdate: boolean;
}

export interface Verdict {
  readonly state: "ready" | "waiting" | "failed";
  /** what to show meanwhile */
  readonly progress?: readonly string[];
}

/** When a kind of object counts as ready. Its functions are pure. */
export interface Awaiter {
  /** seconds after which the wait fails, unless the program says otherwise */
  readonly timeoutSeconds: number;
  /** what the verdict needs beside the object; asked for each second */
  readonly watched?: (object: KubeObject) => readonly RelatedQuery[];
  readonly judge: (view: View) => Verdict;
  /** objects to follow from the creation on, and what to keep in mind of each of their states for `problems` */
  readonly noted?: {
    readonly objects: (object: KubeObject) => RelatedQuery;
    readonly of: (item: JsonObject) => readonly string[];
  };
  /** what `problems` needs beside the object; asked for once, at the end */
  readonly explained?: (object: KubeObject) => readonly RelatedQuery[];
  /** why the object isn't ready, one problem a line */
  readonly problems?: (view: View) => readonly string[];
  /** the headline after the timeout; default: `'<name>' timed out waiting to be Ready` */
  readonly timeoutText?: (object: KubeObject) => string;
  /** the timeout is no failure: the object counts as ready then */
  readonly passesOnTimeout?: (view: View) => boolean;
}

/** The object with the status condition of a type, or undefined. */
export function conditionOf(object: JsonObject, type: string): JsonObject | undefined {
  const status = object["status"];
  if (typeof status !== "object" || status === null || Array.isArray(status)) return undefined;
  const conditions = status["conditions"];
  if (!Array.isArray(conditions)) return undefined;
  return conditions.find(
    (condition): condition is JsonObject =>
      typeof condition === "object" &&
      condition !== null &&
      !Array.isArray(condition) &&
      condition["type"] === type,
  );
}

/** A label selector's text for the object's `spec.selector.matchLabels`, or a plain map of labels. */
export function selectorText(labels: unknown): string {
  if (typeof labels !== "object" || labels === null) return "";
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",");
}

import { roleLabel } from "../../metadata";
import { isFrom, type Trusted } from "../trusted";
import { sameBut, text } from "./cel";

/** What an admission policy's `spec` says, as far as ours need it. */
export interface PolicySpec {
  failurePolicy: "Fail";
  matchConstraints: {
    namespaceSelector: { matchLabels: Record<string, string> };
    resourceRules: ResourceRule[];
  };
  matchConditions: { name: string; expression: string }[];
  variables: { name: string; expression: string }[];
  validations: { expression: string; messageExpression: string; reason: "Forbidden" }[];
}

interface ResourceRule {
  apiGroups: string[];
  apiVersions: string[];
  resources: string[];
  operations: Operation[];
  scope: "Namespaced" | "Cluster";
}

/** What is done to an object. */
export type Operation = "CREATE" | "UPDATE" | "DELETE";

/** A ValidatingAdmissionPolicy that isn't a resource yet. */
export interface AdmissionPolicy {
  readonly name: string;
  readonly spec: PolicySpec;
}

/** Kinds of one API group. */
export interface Kinds {
  /** Empty for Kubernetes' core. */
  readonly group: string;
  /**
   * A version into which the API server converts all others. Kubernetes checks expressions against the schema of a
   * version that is named.
   *
   * @default every version, unconverted: for kinds that may not be there
   */
  readonly version?: string;
  /** Names of resources, as `deployments`, and of their parts, as `pods/ephemeralcontainers`. */
  readonly resources: readonly string[];
  /** @default "Namespaced" */
  readonly scope?: "Namespaced" | "Cluster";
  /** @default ["CREATE", "UPDATE"] */
  readonly operations?: readonly Operation[];
}

/** What has to be true. */
export interface Validation {
  readonly expression: string;
  /** An expression for what is said where it isn't: with the value that was given, and what to do instead. */
  readonly message: string;
}

/** What {@link tenantPolicy} needs to know. */
export interface PolicyArgs {
  readonly name: string;
  readonly kinds: readonly Kinds[];
  /** To whom the policy doesn't apply. */
  readonly exempt: readonly Trusted[];
  /** When it applies, by the name of each condition. */
  readonly conditions?: Readonly<Record<string, string>>;
  /** Values that validations name as `variables.…`; a later one may use those before it. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly validations: readonly Validation[];
}

/**
 * Whether a request asks for something new: it makes an object, or changes more of one than its status and who looks after it.
 *
 * Without it, an object that was admitted under other claims could never lose its finalizers. That it is being deleted
 * doesn't count: a tenant can hold it with a finalizer of its own, and change it then.
 */
export const asksForMore = {
  "asks-for-more":
    `request.operation != "UPDATE" || !(${sameBut("dyn(object)", "dyn(oldObject)", ["metadata", "status"])} && ` +
    ["labels", "annotations"]
      .map((map) => `dyn(object).metadata.?${map}.orValue({}) == dyn(oldObject).metadata.?${map}.orValue({})`)
      .join(" && ") +
    ")",
} as const;

/**
 * A policy for tenants' namespaces: it goes by the namespace's labels, never by the object's own, and denies where it can't tell.
 *
 * A deletion is only asked about where {@link Kinds.operations} says so, so that none else can be held up.
 */
export function tenantPolicy(args: PolicyArgs): AdmissionPolicy {
  const conditions = { "is-not-exempt": `!(${isFrom(...args.exempt)})`, ...(args.conditions ?? asksForMore) };
  return {
    name: args.name,
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        namespaceSelector: { matchLabels: { [roleLabel]: "tenant" } },
        resourceRules: args.kinds.map((kinds) => ({
          apiGroups: [kinds.group],
          apiVersions: [kinds.version ?? "*"],
          resources: [...kinds.resources],
          operations: [...(kinds.operations ?? (["CREATE", "UPDATE"] as const))],
          scope: kinds.scope ?? "Namespaced",
        })),
      },
      matchConditions: pairs(conditions),
      variables: pairs(args.variables ?? {}),
      validations: args.validations.map(({ expression, message }) => ({
        expression,
        messageExpression: message,
        reason: "Forbidden",
      })),
    },
  };
}

function pairs(expressions: Readonly<Record<string, string>>): { name: string; expression: string }[] {
  return Object.entries(expressions).map(([name, expression]) => ({ name, expression }));
}

/** A message's expression from texts and expressions in turn: the first is a text. */
export function message(texts: TemplateStringsArray, ...expressions: readonly string[]): string {
  return texts
    .flatMap((part, index) => [
      ...(part === "" ? [] : [text(part)]),
      ...(expressions[index] === undefined ? [] : [expressions[index]]),
    ])
    .join(" + ");
}

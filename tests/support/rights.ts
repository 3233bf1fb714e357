import type { PolicyRule } from "../../components/policyRule";

/** What somebody asks of the Kubernetes API. */
export interface Action {
  readonly verb: string;
  /** The API group; the core group has none. */
  readonly group?: string;
  /** With its sub-resource, e.g. `pods/exec`. */
  readonly resource: string;
  /** The object's name, where the request names one. */
  readonly name?: string;
}

/** Whether rules of a role allow an action, as Kubernetes reads them. Rules here hold plain values, no outputs. */
export function allows(rules: readonly PolicyRule[], action: Action): boolean {
  const { verb, group = "", resource, name } = action;
  return rules.some(
    (rule) =>
      has(rule.verbs, verb) &&
      has(rule.apiGroups, group) &&
      (has(rule.resources, resource) || has(rule.resources, `*/${resource.split("/")[1] ?? ""}`)) &&
      (rule.resourceNames === undefined || (name !== undefined && has(rule.resourceNames, name))),
  );
}

function has(listed: unknown, wanted: string): boolean {
  const texts = (listed ?? []) as readonly string[];
  return texts.includes("*") || texts.includes(wanted);
}

import type { PolicyRule } from "../policyRule";
import { byGroup, shownKinds, type ManagedKind } from "./kinds";
import { argocdGroup as group } from "./names";

const read = ["get", "list", "watch"];
const settings: PolicyRule = { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: read };
const events: PolicyRule = { apiGroups: [""], resources: ["events"], verbs: ["create", "list"] };

/**
 * What the controller may do in Argo CD's own namespace. It makes no Application and no project, and doesn't delete any: the program
 * does.
 */
export const controllerRules: readonly PolicyRule[] = [
  settings,
  events,
  { apiGroups: [group], resources: ["applications"], verbs: [...read, "update", "patch"] },
  { apiGroups: [group], resources: ["appprojects"], verbs: [...read, "update", "patch"] },
];

/** What the pages may do there: ask for an application to be applied, and keep Argo CD's own settings, by name. */
export const serverRules: readonly PolicyRule[] = [
  settings,
  events,
  { apiGroups: [""], resources: ["secrets"], resourceNames: ["argocd-secret"], verbs: ["update", "patch"] },
  { apiGroups: [""], resources: ["configmaps"], resourceNames: ["argocd-cm"], verbs: ["update", "patch"] },
  { apiGroups: [group], resources: ["applications"], verbs: [...read, "update", "patch"] },
  { apiGroups: [group], resources: ["appprojects", "applicationsets"], verbs: read },
];

/** What makes Applications of files may do there: nothing but that. It reads how repositories are read. */
export const applicationSetRules: readonly PolicyRule[] = [
  settings,
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  {
    apiGroups: [group],
    resources: ["applications"],
    verbs: [...read, "create", "update", "patch", "delete"],
  },
  { apiGroups: [group], resources: ["applicationsets"], verbs: [...read, "update"] },
  {
    apiGroups: [group],
    resources: ["applicationsets/status", "applicationsets/finalizers"],
    verbs: ["get", "update", "patch"],
  },
  { apiGroups: [group], resources: ["appprojects"], verbs: read },
];

/**
 * The right to delete what an Application applied, which Argo CD 3.2 does as itself and not as the tenant's reconciler:
 * `finalizeApplicationDeletion` in its `controller/appcontroller.go`.
 */
export function removerRules(kinds: readonly ManagedKind[]): PolicyRule[] {
  return rulesFor(kinds, ["delete"]);
}

/**
 * What the controller may do everywhere: look at what tenants and operators may have applied. In place of cluster-admin, which its publisher
 * gives it: all that it applies, it applies as a tenant's reconciler or as the operators' account.
 *
 * @param kinds Without Secrets, whose values nobody but their tenant's is to see.
 */
export function readerRules(kinds: readonly ManagedKind[]): PolicyRule[] {
  return rulesFor([...kinds, ...shownKinds], read);
}

/** The same verbs for each of these kinds. */
function rulesFor(kinds: readonly ManagedKind[], verbs: string[]): PolicyRule[] {
  return [...byGroup(kinds)].map(([apiGroup, of]) => ({
    apiGroups: [apiGroup],
    resources: of.map(({ resource }) => resource),
    verbs,
  }));
}

/**
 * The right to act as an account of that name. Bound in a namespace, it is the right to act as the one there.
 *
 * @param account The reconciler's name, the same in each control namespace, or that of the operators' account.
 */
export function impersonatorRules(account: string): PolicyRule[] {
  return [
    { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: [account], verbs: ["impersonate"] },
  ];
}

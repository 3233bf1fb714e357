import { asText } from "../server/values";
import type { JsonObject } from "./objects";

/** Settings that decide whether content may change in place. */
export interface Mutability {
  readonly configMap: boolean;
  readonly secret: boolean;
}

/** Paths that no kind may change in place; a patch of some fields none but these. */
export const identityPaths: readonly string[] = ["metadata.name", "metadata.namespace"];

/** Paths by kind that can't change in place, without list indexes. `!` before a path: may change though its parent may not. */
const byKind: Readonly<Record<string, readonly string[]>> = {
  "v1/PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.dataSource",
    "spec.dataSourceRef",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeMode",
    "spec.volumeName",
  ],
  "v1/Pod": [
    "spec",
    "!spec.activeDeadlineSeconds",
    "!spec.containers.image",
    "!spec.initContainers.image",
    "!spec.tolerations",
  ],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Service": ["spec.clusterIP", "spec.type"],
  "apps/v1/DaemonSet": ["spec.selector"],
  "apps/v1/Deployment": ["spec.selector"],
  "apps/v1/ReplicaSet": ["spec.selector"],
  "apps/v1/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": [
    "spec.completionMode",
    "spec.completions",
    "spec.manualSelector",
    "spec.selector",
    "spec.template",
  ],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
};

/** The paths of an object that can't change in place. */
export function immutablePaths(object: Readonly<JsonObject>, mutable: Mutability): readonly string[] {
  const kind = `${asText(object["apiVersion"])}/${asText(object["kind"])}`;
  const frozen = object["immutable"] === true;
  if (kind === "v1/ConfigMap")
    return [...identityPaths, ...(mutable.configMap && !frozen ? [] : ["data", "binaryData"])];
  if (kind === "v1/Secret")
    return [...identityPaths, "type", ...(mutable.secret && !frozen ? [] : ["data", "stringData"])];
  return [...identityPaths, ...(byKind[kind] ?? [])];
}

/** Whether a change at `path` (keys, without list indexes) needs a new object. */
export function needsReplacement(path: readonly string[], rules: readonly string[]): boolean {
  const text = path.join(".");
  const within = (rule: string) => text === rule || text.startsWith(`${rule}.`);
  if (rules.some((rule) => rule.startsWith("!") && within(rule.slice(1)))) return false;
  return rules.some((rule) => within(rule) || rule.startsWith(`${text}.`));
}

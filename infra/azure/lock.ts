import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A lock on one resource, and on nothing beside it: nobody deletes it by mistake, not even one who may. Locks on groups would
 * stop Azure's own work in them.
 *
 * @param name the resource's logical name.
 * @param scope resource id of what is locked.
 */
export function lockAgainstDeletion(
  name: string,
  scope: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): ManagementLockByScope {
  return new ManagementLockByScope(
    `${name}-lock`,
    {
      lockName: "holds-data",
      level: "CanNotDelete",
      notes: "It holds data. The setting azure.disposable takes this lock off.",
      scope,
    },
    options,
  );
}

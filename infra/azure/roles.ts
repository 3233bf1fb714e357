import { createHash } from "node:crypto";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import type * as pulumi from "@pulumi/pulumi";

import type { AzurePlace } from "./place";

/** Ids of the built-in roles that are given here (Azure's documentation on built-in roles). */
export const roles = {
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  "DNS Zone Contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

/** Who may do what, and with what. */
export interface Assignment {
  readonly role: keyof typeof roles;
  /** Resource id of the one thing that it is about. */
  readonly scope: pulumi.Input<string>;
  /** Object id of who gets it. */
  readonly principal: pulumi.Input<string>;
  /**
   * Azure looks a principal up that it isn't told the type of, and doesn't find one that is some seconds old.
   *
   * @default "ServicePrincipal", which a managed identity is
   */
  readonly principalType?: "ServicePrincipal" | "Group";
}

/**
 * Gives a role.
 *
 * @param name the resource's logical name, from which the assignment's own follows.
 */
export function assign(
  name: string,
  { names, subscription }: Pick<AzurePlace, "names" | "subscription">,
  { role, scope, principal, principalType = "ServicePrincipal" }: Assignment,
  options: pulumi.CustomResourceOptions,
): RoleAssignment {
  return new RoleAssignment(
    name,
    {
      roleAssignmentName: assignmentName(`${names.base}/${name}`),
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      scope,
      principalId: principal,
      principalType,
    },
    // An assignment can't be changed, and no other may have its name.
    { ...options, deleteBeforeReplace: true, replaceOnChanges: ["*"] },
  );
}

/** The id that an assignment is called by: always the same for the same text. */
export function assignmentName(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

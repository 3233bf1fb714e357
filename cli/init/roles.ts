import { roles } from "../../infra/azure/roles";

/** Ids of the built-in roles that `terp init` gives (Azure's documentation on built-in roles). */
export const initRoles = {
  ...roles,
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  "Locks Contributor": "28bf596f-4eb7-45ce-b5bc-6cf482fec137",
  "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

/** The name of one of {@link initRoles}. */
export type InitRole = keyof typeof initRoles;

/** Roles by which somebody could make himself an owner. */
const owners = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", // Owner
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", // User Access Administrator
  initRoles["Role Based Access Control Administrator"],
].join(", ");

/** What keeps whoever may give roles from giving those that give roles, in Azure's language for conditions. */
export const noOwners =
  "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR " +
  `(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${owners}})) AND ` +
  "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR " +
  `(@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${owners}}))`;

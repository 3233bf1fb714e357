/** What an id of Azure Resource Manager is made of. */
export interface IdParts {
  /** E.g. `Microsoft.KeyVault/vaults/keys`; a resource group's is `Microsoft.Resources/resourceGroups`. */
  readonly type: string;
  readonly name: string;
  /** The id of the resource that it lies in: a parent, a resource group, or for a role assignment what it is about. */
  readonly parent?: string | undefined;
}

/** Takes an id apart. Azure compares ids without case, and so does the double: give it a lower-case one to look up. */
export function idParts(id: string): IdParts {
  const at = id.toLowerCase().lastIndexOf("/providers/");
  if (at < 0) return { type: "Microsoft.Resources/resourceGroups", name: id.split("/").at(-1) ?? "" };
  const [namespace = "", ...rest] = id.slice(at + "/providers/".length).split("/");
  const types = rest.filter((_, index) => index % 2 === 0);
  const type = [namespace, ...types].join("/");
  const parent =
    rest.length > 2 ? id.slice(0, id.lastIndexOf("/", id.lastIndexOf("/") - 1)) : id.slice(0, at);
  return { type, name: rest.at(-1) ?? "", parent: parent.split("/").length > 3 ? parent : undefined };
}

/** Whether one id is another's or lies below it. */
export function isWithin(id: string, scope: string): boolean {
  return id.toLowerCase() === scope.toLowerCase() || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
}

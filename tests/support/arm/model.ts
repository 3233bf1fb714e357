import { randomUUID } from "node:crypto";
import { additionsTo, type Body } from "./additions";
import { idParts, isWithin } from "./ids";

/** An answer that refuses, with Azure's own code. */
export class ArmRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Resource {
  readonly id: string;
  readonly body: Body;
  /** How often it is still looked for in vain, and how often it is seen unfinished. */
  unseen: number;
  unfinished: number;
}

const assignments = "Microsoft.Authorization/roleAssignments";
const locks = "Microsoft.Authorization/locks";
const vaults = "Microsoft.KeyVault/vaults";
const accounts = "Microsoft.Storage/storageAccounts";
const networks = "Microsoft.Network/virtualNetworks";
const identities = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** What comes with its parent and can't be made or deleted by itself. */
const singletons = new Set(["Microsoft.Storage/storageAccounts/blobServices"]);

/** Resources as Azure Resource Manager keeps them. Habits are switched on by its fields. */
export class ArmModel {
  readonly tenant = randomUUID();
  readonly subscription = randomUUID();
  /** Names of vaults and storage accounts that somebody else has. */
  readonly taken = new Set<string>();
  /** Beginnings of ids where nothing may be written. */
  readonly denied: string[] = [];
  /** How often what was just made isn't found, and is seen unfinished after that. */
  lag = { unseen: 0, unfinished: 0 };
  /** How often a role can't be assigned to a principal that was just made. */
  directoryLag = 0;
  /** Vaults that were deleted: their names stay theirs. */
  readonly deletedVaults = new Map<string, Resource>();
  private readonly resources = new Map<string, Resource>();
  private readonly attempts = new Map<string, number>();

  /** Ids of all resources, in the order in which they were made. */
  get ids(): string[] {
    return [...this.resources.values()].map(({ id }) => id);
  }

  /** Forgets all resources. */
  clear(): void {
    this.resources.clear();
    this.deletedVaults.clear();
    this.attempts.clear();
  }

  /** A resource without its habits: what a test looks at. */
  find(id: string): Body | undefined {
    return this.resources.get(id.toLowerCase())?.body;
  }

  /** @throws ArmRefusal if there is none, or none yet. */
  get(id: string): Body {
    const found = this.resources.get(id.toLowerCase());
    const { type, name } = idParts(id);
    if (found === undefined || found.unseen > 0) {
      if (found !== undefined) found.unseen -= 1;
      const code =
        type === "Microsoft.Resources/resourceGroups" ? "ResourceGroupNotFound" : "ResourceNotFound";
      throw new ArmRefusal(404, code, `The Resource '${type}/${name}' was not found.`);
    }
    if (found.unfinished === 0) return found.body;
    found.unfinished -= 1;
    const properties = found.body["properties"] as Body;
    return { ...found.body, properties: { ...properties, provisioningState: "Creating" } };
  }

  /** Makes or replaces a resource. @throws ArmRefusal */
  put(id: string, body: Body): Body {
    this.admit(id, "write");
    const { type, name } = idParts(id);
    this.needParent(id);
    const before = this.resources.get(id.toLowerCase());
    const properties = (body["properties"] ?? {}) as Body;
    if (type === vaults) this.judgeVault(name, properties, before);
    if (type === accounts && before === undefined && this.taken.has(name)) {
      throw new ArmRefusal(
        409,
        "StorageAccountAlreadyTaken",
        `The storage account named ${name} is already taken.`,
      );
    }
    if (type === assignments) this.judgeAssignment(id, properties, before);
    if (type === "Microsoft.KeyVault/vaults/keys" && before !== undefined) return before.body;
    // What Azure made up when the resource was made stays as it is.
    const old = (before?.body["properties"] ?? {}) as Body;
    const added = additionsTo({ type, name, properties, tenant: this.tenant });
    const kept = Object.fromEntries(
      Object.keys(added)
        .filter((key) => key in old && !(key in properties))
        .map((key) => [key, old[key]]),
    );
    const made = { ...body, id, name, type, properties: { ...properties, ...added, ...kept } };
    const lag = before === undefined ? this.lag : { unseen: 0, unfinished: 0 };
    this.resources.set(id.toLowerCase(), { id, body: made, ...lag });
    if (type === accounts && before === undefined) this.makeSingleton(`${id}/blobServices/default`);
    if (type === networks)
      for (const subnet of namesOf(properties["subnets"])) this.makeSingleton(`${id}/subnets/${subnet}`);
    return made;
  }

  /** Deletes a resource with all that is in it. @throws ArmRefusal */
  delete(id: string): void {
    this.admit(id, "delete");
    this.get(id);
    const held = [...this.resources.values()].find((each) => {
      const { type, parent = "" } = idParts(each.id);
      return type === locks && (isWithin(id, parent) || isWithin(parent, id)) && !isWithin(each.id, id);
    });
    const inside = [...this.resources.values()].filter((each) => isWithin(each.id, id));
    const lock = held ?? inside.find((each) => idParts(each.id).type === locks && each.id !== id);
    if (lock !== undefined && idParts(id).type !== locks) {
      throw new ArmRefusal(
        409,
        "ScopeLocked",
        `The scope '${id}' cannot perform delete operation because it is locked: '${lock.id}'.`,
      );
    }
    for (const each of inside) {
      this.resources.delete(each.id.toLowerCase());
      const { type, name } = idParts(each.id);
      if (type === vaults) this.deletedVaults.set(name, each);
    }
  }

  /** Role assignments at a scope or above it that a principal has. */
  assignmentsOf(principal: string, scope: string): Body[] {
    return [...this.resources.values()]
      .filter(({ id, body }) => {
        const { type, parent = "" } = idParts(id);
        const properties = body["properties"] as Body | undefined;
        return type === assignments && isWithin(scope, parent) && properties?.["principalId"] === principal;
      })
      .map(({ body }) => body);
  }

  private makeSingleton(id: string): void {
    const { type, name } = idParts(id);
    this.resources.set(id.toLowerCase(), {
      id,
      body: { id, type, name, properties: {} },
      unseen: 0,
      unfinished: 0,
    });
  }

  private admit(id: string, what: "write" | "delete"): void {
    const { type } = idParts(id);
    if (!this.denied.some((scope) => isWithin(id, scope))) return;
    throw new ArmRefusal(
      403,
      "AuthorizationFailed",
      `The client does not have authorization to perform action '${type}/${what}' over scope '${id}'.`,
    );
  }

  private needParent(id: string): void {
    const { parent, type } = idParts(id);
    if (parent === undefined) return;
    const missing = [...groupIn(id), parent].find((each) => !this.resources.has(each.toLowerCase()));
    if (missing === undefined) return;
    const isGroup = idParts(missing).type === "Microsoft.Resources/resourceGroups";
    if (isGroup)
      throw new ArmRefusal(
        404,
        "ResourceGroupNotFound",
        `Resource group '${idParts(missing).name}' could not be found.`,
      );
    throw new ArmRefusal(
      404,
      "ParentResourceNotFound",
      `Can not perform requested operation on nested resource of type '${type}': '${missing}' not found.`,
    );
  }

  private judgeVault(name: string, properties: Body, before: Resource | undefined): void {
    const deleted = this.deletedVaults.get(name);
    if (deleted !== undefined && properties["createMode"] === "recover") {
      this.deletedVaults.delete(name);
    } else if (deleted !== undefined) {
      throw new ArmRefusal(
        409,
        "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
      );
    }
    if (before === undefined && this.taken.has(name)) {
      throw new ArmRefusal(409, "VaultAlreadyExists", `The vault name '${name}' is already in use.`);
    }
    const old = before?.body["properties"] as Body | undefined;
    if (old?.["enablePurgeProtection"] === true && properties["enablePurgeProtection"] !== true) {
      throw new ArmRefusal(400, "BadRequest", 'The property "enablePurgeProtection" cannot be set to false.');
    }
  }

  private judgeAssignment(id: string, properties: Body, before: Resource | undefined): void {
    const { principalId, roleDefinitionId, principalType } = properties as Record<string, string | undefined>;
    const same = (other: Body): boolean =>
      other["principalId"] === principalId &&
      String(other["roleDefinitionId"]).toLowerCase() === roleDefinitionId?.toLowerCase();
    if (before !== undefined && !same(before.body["properties"] as Body)) {
      throw new ArmRefusal(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      );
    }
    const scope = idParts(id).parent ?? "";
    const twin = [...this.resources.values()].find(
      (each) =>
        idParts(each.id).type === assignments &&
        each.id.toLowerCase() !== id.toLowerCase() &&
        idParts(each.id).parent?.toLowerCase() === scope.toLowerCase() &&
        same(each.body["properties"] as Body),
    );
    if (twin !== undefined)
      throw new ArmRefusal(409, "RoleAssignmentExists", "The role assignment already exists.");
    if (!this.isIdentity(principalId)) return;
    if (principalType === "User") {
      throw new ArmRefusal(
        400,
        "UnmatchedPrincipalType",
        `The PrincipalId '${principalId ?? ""}' has type 'ServicePrincipal', which is different from specified PrincipalType 'User'.`,
      );
    }
    const tried = this.attempts.get(principalId ?? "") ?? 0;
    this.attempts.set(principalId ?? "", tried + 1);
    if (principalType === undefined && tried < this.directoryLag) {
      throw new ArmRefusal(
        400,
        "PrincipalNotFound",
        `Principal ${principalId ?? ""} does not exist in the directory ${this.tenant}.`,
      );
    }
  }

  private isIdentity(principal: string | undefined): boolean {
    return [...this.resources.values()].some(
      ({ id, body }) =>
        idParts(id).type === identities && (body["properties"] as Body)["principalId"] === principal,
    );
  }
}

/** Whether a type's resources can't be made by themselves. */
export function isSingleton(type: string): boolean {
  return singletons.has(type);
}

function namesOf(list: unknown): string[] {
  return ((list ?? []) as readonly { readonly name: string }[]).map(({ name }) => name);
}

function groupIn(id: string): string[] {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
  return group === undefined ? [] : [group];
}

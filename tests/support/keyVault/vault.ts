import { randomBytes } from "node:crypto";

/** What may be asked of a vault. */
export type Operation =
  "set" | "get" | "list" | "update" | "delete" | "getDeleted" | "listDeleted" | "recover" | "purge";

/** An answer that refuses, as the service words it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: {
      /** The code of its inner error, which tells most. */
      readonly inner?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
  }
}

/** A version as the double keeps it. */
export interface Version {
  readonly id: string;
  readonly value: string;
  /** In seconds. */
  readonly created: number;
  /** From when on listings show it, in milliseconds. */
  readonly shownFrom: number;
  enabled: boolean;
  tags: Readonly<Record<string, string>>;
  contentType: string | undefined;
  /** In seconds. */
  exp: number | undefined;
}

/** What a write or a change of attributes gives. */
export interface VersionChange {
  readonly value?: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly attributes?: { readonly enabled?: boolean; readonly exp?: number };
}

interface Secret {
  readonly versions: Version[];
  state: "there" | "deleting" | "deleted" | "recovering";
  /** When the state is over, in milliseconds. */
  until: number;
}

/** The secrets of one vault, and how it is set up. A test may act on it directly, as somebody in the portal would. */
export class VaultModel {
  readonly secrets = new Map<string, Secret>();
  purgeProtected = true;
  softDelete = true;
  /** How long listings lag behind, in milliseconds. */
  listingDelay = 0;
  /** How long it takes to delete and to recover, in milliseconds. */
  deletingTakes = 0;
  recoveringTakes = 100;
  /** Ids for the next versions; random ones after these. */
  nextIds: string[] = [];
  /** The time in milliseconds, which the service tells in whole seconds only. */
  clock = (): number => Date.now();

  get recoveryLevel(): string {
    if (!this.softDelete) return "Purgeable";
    return this.purgeProtected ? "Recoverable" : "Recoverable+Purgeable";
  }

  set(name: string, { value = "", contentType, tags = {}, attributes = {} }: VersionChange): Version {
    const secret = this.secret(name) ?? { versions: [], state: "there", until: 0 };
    refuseUnlessThere(name, secret);
    const version: Version = {
      id: this.nextIds.shift() ?? randomBytes(16).toString("hex"),
      value,
      created: Math.floor(this.clock() / 1000),
      shownFrom: Date.now() + this.listingDelay,
      enabled: attributes.enabled ?? true,
      tags,
      contentType,
      exp: attributes.exp,
    };
    secret.versions.push(version);
    this.secrets.set(name, secret);
    return version;
  }

  get(name: string, id: string | undefined): Version {
    const version = this.version(name, id);
    if (!version.enabled)
      throw new Refusal(403, "Forbidden", "Operation get is not allowed on a disabled secret.", {
        inner: "SecretDisabled",
      });
    return version;
  }

  /** In the order of their ids, as the service lists them. */
  list(name: string): readonly Version[] {
    const secret = this.secret(name);
    if (secret?.state !== "there") return [];
    return secret.versions
      .filter(({ shownFrom }) => shownFrom <= Date.now())
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  update(name: string, id: string, { contentType, tags, attributes = {} }: VersionChange): Version {
    const version = this.version(name, id);
    version.enabled = attributes.enabled ?? version.enabled;
    version.exp = attributes.exp ?? version.exp;
    version.tags = tags ?? version.tags;
    version.contentType = contentType ?? version.contentType;
    return version;
  }

  delete(name: string): Version {
    const version = this.version(name, undefined);
    const secret = this.secret(name);
    if (!this.softDelete) this.secrets.delete(name);
    else if (secret) this.change(secret, "deleting", this.deletingTakes);
    return version;
  }

  getDeleted(name: string): Version {
    const secret = this.secret(name);
    const last = secret?.versions.at(-1);
    if (secret?.state !== "deleted" || last === undefined)
      throw notFound(`Deleted Secret not found: ${name}`);
    return last;
  }

  recover(name: string): Version {
    const secret = this.secret(name);
    if (secret?.state === "recovering" || secret?.state === "deleting") refuseUnlessThere(name, secret);
    const version = this.getDeleted(name);
    if (secret) this.change(secret, "recovering", this.recoveringTakes);
    return version;
  }

  purge(name: string): void {
    this.getDeleted(name);
    if (this.purgeProtected)
      throw new Refusal(403, "Forbidden", "Operation purge is not allowed.", { inner: "ForbiddenByPolicy" });
    this.secrets.delete(name);
  }

  /** The secret, after what time has done to it. */
  private secret(name: string): Secret | undefined {
    const secret = this.secrets.get(name);
    if (secret && secret.until <= Date.now()) {
      if (secret.state === "deleting") secret.state = "deleted";
      if (secret.state === "recovering") secret.state = "there";
    }
    return secret;
  }

  private change(secret: Secret, state: Secret["state"], takes: number): void {
    secret.state = state;
    secret.until = Date.now() + takes;
  }

  private version(name: string, id: string | undefined): Version {
    const secret = this.secret(name);
    const version =
      secret?.state !== "there"
        ? undefined
        : id === undefined
          ? secret.versions.at(-1)
          : secret.versions.find((each) => each.id === id);
    if (version !== undefined) return version;
    throw notFound(
      `A secret with (name/id) ${name}${id === undefined ? "" : `/${id}`} was not found in this key vault.`,
    );
  }
}

function notFound(message: string): Refusal {
  return new Refusal(404, "SecretNotFound", message);
}

function refuseUnlessThere(name: string, { state }: Secret): void {
  const conflict = (text: string, inner: string): Refusal =>
    new Refusal(409, "Conflict", `Secret ${name} is currently ${text}`, { inner });
  if (state === "deleting")
    throw conflict("being deleted and cannot be re-created; retry later.", "ObjectIsBeingDeleted");
  if (state === "recovering")
    throw conflict("being recovered and cannot be re-created; retry later.", "ObjectIsBeingRecovered");
  if (state === "deleted")
    throw conflict(
      "in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.",
      "ObjectIsDeletedButRecoverable",
    );
}

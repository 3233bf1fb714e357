import type { Health } from "../../cluster/health";

/** How much of a bound is used. Quantities are written as Kubernetes writes them. */
export interface QuotaUse {
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
}

/** One of a tenant's own namespaces. */
export interface NamespaceView {
  readonly name: string;
  /** The size class whose bounds it has; `undefined` if it has bounds of its own, or none were found. */
  readonly size: string | undefined;
  /** Bounds that are worth looking at: those of which something can be used. */
  readonly quota: readonly QuotaUse[];
}

/** Groups, and programs, with a role in a tenant's namespaces. */
export interface RoleView {
  /** `owner`, `developer`, `viewer` or `robot`. */
  readonly role: string;
  readonly members: readonly string[];
}

/** Something that doesn't run as it should. */
export interface TroubleView {
  /** As `team-blue-app/Deployment/podinfo`. */
  readonly what: string;
  readonly reason: string;
}

/** A volume claim. */
export interface VolumeView {
  /** As `team-blue-app/data`. */
  readonly name: string;
  /** `Bound`, `Pending` or `Lost`. */
  readonly phase: string;
  /** What it has, or asks for as long as it has none. */
  readonly size: string;
}

/** A warning that the cluster gave. */
export interface WarningView {
  /** As `team-blue-app/Pod/podinfo-1`. */
  readonly what: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** When it was last given, in ISO 8601; empty if unknown. */
  readonly last: string;
}

/** What a tenant is allowed beside its own namespaces. */
export interface AllowanceView {
  /** `reaches`, `ranges`, `domains`, `sources` or `images`, as in the program. */
  readonly what: string;
  readonly values: readonly string[];
}

/** What the owner of a repository that a tenant brought along needs to know. */
export interface BroughtView {
  /** Public half of the key that it is read with. */
  readonly deployKey: string;
  /** The folder that is applied. */
  readonly folder: string;
}

/** What a tenant has and how it is doing; `--json` prints it as it is. No secrets. */
export interface TenantView extends Health {
  readonly name: string;
  /** Whether it is on its way out: nothing is reconciled, nothing comes or goes. */
  readonly suspended: boolean;
  /** The revision that is applied, e.g. `main@sha1:1234567`; empty if none is. */
  readonly revision: string;
  /** When it was applied, in ISO 8601; empty if none is. */
  readonly reconciled: string;
  readonly repository: string | undefined;
  /** Absent where the platform made its repository. */
  readonly brought: BroughtView | undefined;
  /** To whom its Secrets are sealed. */
  readonly recipient: string | undefined;
  /** Recipients of keys that still decrypt until they are retired. */
  readonly former: readonly string[];
  readonly namespaces: readonly NamespaceView[];
  readonly people: readonly RoleView[];
  readonly allowances: readonly AllowanceView[];
  readonly troubles: readonly TroubleView[];
  readonly volumes: readonly VolumeView[];
  /** The newest first. */
  readonly warnings: readonly WarningView[];
}

/** Tenants of a stack. */
export interface TenantViews {
  readonly stack: string;
  /** Whether all of them are ready. */
  readonly ready: boolean;
  readonly tenants: readonly TenantView[];
  /** What couldn't be read, and why. What follows from it is missing above. */
  readonly unread: readonly string[];
}

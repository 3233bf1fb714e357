import * as pulumi from "@pulumi/pulumi";

import { describeFaults, type Fault } from "../../infra/fault";
import type { StoreReference } from "../../infra/keys/store";
import type { SyncPace } from "../flux/sync";
import type { GatewayAccess } from "../gateway/tenantGateway";
import type { Repositories } from "../git/repositories";
import type { GrafanaPlatform } from "../grafana/platform";
import { ownDomainFaults } from "./domains";
import { engineFaults, type Engine, type Engines } from "./engine";
import { grafanaPlatformFaults } from "./grafana";
import type { Size, SizeClass } from "./sizes";
import { sourceFaults } from "./sourceFaults";
import { tenantFaults, type KnownTenant, type TenantRequest } from "./tenantFaults";
import type { BroughtPlatform } from "./tenantSource";

/** What the platform gives each tenant. Made once, by the services, and the same for all. */
export interface TenantPlatform {
  /** The stack's name. */
  readonly environment: string;
  /** The Git host, which tenants' repositories are made at and the platform's is. */
  readonly repositories: Repositories;
  /** What repositories are read with that tenants bring along. */
  readonly brought: BroughtPlatform;
  /** Public half of the platform's age key. */
  readonly platformRecipient: pulumi.Input<string>;
  /** The recipients whose place the platform's took. */
  readonly platformFormer: pulumi.Input<readonly string[]>;
  /** Which repository the platform repository is. */
  readonly platformRepositoryId: pulumi.Input<string>;
  /** Where the platform's key is backed up, and the tenants' sealed ones. */
  readonly store: StoreReference;
  /** Another one when that store has lost what was in it. */
  readonly backup: pulumi.Input<string>;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** An administrator's. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The folder for what suspended tenants leave; absent where none is set. */
  readonly exports?: string | undefined;
  readonly pace: SyncPace;
  /** What there is to apply repositories with. @default Flux alone */
  readonly engines?: Engines | undefined;
  /** The domain below which each tenant has one of its own; absent where the platform has none. */
  readonly domain?: string | undefined;
  /** What each tenant's Gateway is made with; absent where the platform has none. */
  readonly gateway?: GatewayAccess | undefined;
  /** The image of the example application. */
  readonly sampleImage: string;
  /** What tenants' Grafanas are built on; absent where the platform has none. */
  readonly grafana?: GrafanaPlatform | undefined;
  /** The image of helm-controller; absent where tenants install no charts. */
  readonly chartsImage?: string | undefined;
  /** Whether a tenant's quota counts routes of the Gateway API, see `quotaOf`. */
  readonly countsRoutes: boolean;
  /** Domains of the platform's own, which no tenant may be given. */
  readonly domains: readonly string[];
  /** All that must be there before a tenant's objects. */
  readonly ready: readonly pulumi.Resource[];
  /** The tenants so far: names are unique over all of them, and no two have one domain. */
  readonly names: KnownTenant[];
  /**
   * Where it is written what is wrong with a tenant, to be said of all at once. Such a tenant is made of nothing.
   *
   * @default none: a tenant's faults are thrown
   */
  readonly faults?: string[];
}

/** What a tenant is given: what is asked for it, on a platform. */
export interface TenantArgs extends TenantRequest {
  readonly platform: TenantPlatform;
  /**
   * What each of its namespaces may use.
   *
   * @default "small"
   */
  readonly size?: SizeClass | Size;
  /**
   * Whether it installs charts with HelmReleases, by a helm-controller of its own that can do no more than the tenant. Needs
   * the setting `tenants.charts`. Some 50 MiB of memory for each of its namespaces.
   *
   * @default false
   */
  readonly charts?: boolean;
  /**
   * What applies its repository. Another one takes over what is there, while it runs.
   *
   * @default the environment's
   */
  readonly engine?: Engine;
  /**
   * Whether it has a second repository with a small file for each of its services, from which Argo CD makes them. Needs Argo CD as its
   * engine, and the setting `gitops.services`.
   *
   * @default false
   */
  readonly services?: boolean;
  /**
   * The first step of offboarding: nothing is reconciled, nothing comes or goes over the network, what it has is exported, and
   * removing the instance is allowed. Its data stays. Setting it back undoes it.
   *
   * @default false
   */
  readonly suspended?: boolean;
}

/** The domains that a tenant may claim host names of and below: its own below the platform's, then those that it is given. */
export function domainsOf(tenant: string, { platform, domains = [] }: TenantArgs): readonly string[] {
  return platform.domain === undefined ? domains : [`${tenant}.${platform.domain}`, ...domains];
}

/**
 * Whether what a tenant is made of refuses to be deleted: nothing is because a line moved, offboarding is two steps.
 *
 * Given to each resource and not to the component, for a child couldn't be let off: an older Node language host of Pulumi's (3.68)
 * doesn't pass an explicit `protect: false` on.
 */
export function isProtected({ suspended }: Pick<TenantArgs, "suspended">): boolean {
  return suspended !== true;
}

/**
 * Whether a tenant can be made. Its names count as taken from now on.
 *
 * @throws with everything that is wrong with what the tenant is given, where the platform doesn't collect it.
 */
export function isSound(name: string, args: TenantArgs): boolean {
  const { names, domains, grafana, faults: collected } = args.platform;
  const own = grafana === undefined ? domains : [...domains, grafana.domain];
  const faults = [
    ...tenantFaults(name, args, names),
    ...ownDomainFaults("domains", args.domains ?? [], own),
    ...grafanaPlatformFaults("grafana", args, args.platform.environment, args.platform.grafana),
    ...exportFaults(args),
    ...chartFaults(args),
    ...engineFaults(args),
    ...sourceFaults(name, args),
  ];
  names.push({
    tenant: name,
    namespaces: args.namespaces,
    domains: args.domains ?? [],
    repository: args.repository?.url,
  });
  if (faults.length === 0) return true;
  const said = `tenant "${name}":\n${describeFaults(faults)}`;
  if (collected === undefined) throw new pulumi.RunError(said);
  collected.push(said);
  return false;
}

/** A tenant isn't stopped where its export would have no place. */
function exportFaults({ suspended, platform }: TenantArgs): Fault[] {
  if (suspended !== true || platform.exports !== undefined) return [];
  const expected = "the setting tenants.exports: the folder for what a suspended tenant has";
  const remedy = `type: pulumi config set --path terp:tenants.exports /srv/terp/exports --stack ${platform.environment}`;
  return [{ path: "suspended", given: "true", expected, remedy }];
}

/** Charts need a program that only a stack has that is told to. */
function chartFaults({ charts, platform }: TenantArgs): Fault[] {
  if (charts !== true || platform.chartsImage !== undefined) return [];
  const expected = "the setting tenants.charts: only then does the environment have what installs charts";
  const remedy = `type: pulumi config set --path terp:tenants.charts true --stack ${platform.environment}`;
  return [{ path: "charts", given: "true", expected, remedy }];
}

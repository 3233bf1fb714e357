import * as pulumi from "@pulumi/pulumi";

import type { SshAccess } from "../git/bundle";
import { branchOf, linesFor, type BroughtRepository } from "../git/broughtRepository";
import { broughtKeys } from "../git/broughtKeys";
import { defaultBranch, tenantRepository } from "../git/names";
import type { ReadableRepository } from "../git/repositories";
import { publishedHostKeys } from "../git/knownHosts";
import { engineWebhook } from "./engine";
import { controlNamespaceName } from "./names";
import { scaffoldFiles, scaffoldSecrets, type ScaffoldArgs } from "./scaffold";
import type { TenantArgs, TenantPlatform } from "./tenantArgs";

/** What tenants' own repositories are read with. */
export interface BroughtPlatform {
  /** Lines of `known_hosts`: the keys of hosts that they may be at, beside those that are published. */
  readonly knownHosts: string;
  /** The age identity that their deploy keys follow from, made when it is first asked for. Secret. */
  readonly identity: () => pulumi.Input<string>;
}

/** A tenant's repository as it is applied, whether the platform made it or the tenant brought it along. */
export interface TenantSource extends ReadableRepository {
  readonly branch: string;
  /** Lines for `known_hosts`. */
  readonly knownHosts: pulumi.Input<string>;
  /** The repository, where the tenant brought it along. */
  readonly brought?: BroughtRepository;
}

/** What {@link tenantSource} is for. */
export interface TenantSourceArgs {
  readonly tenant: string;
  readonly request: TenantArgs;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
  /** The domains that it may claim. */
  readonly domains: readonly string[];
  /** Public half of its age key. */
  readonly recipient: pulumi.Output<string>;
}

/**
 * The repository that a tenant is filled from: made with an example in it, or taken over; or the tenant's own, of which nothing is
 * made and nothing written.
 */
export function tenantSource(args: TenantSourceArgs, options: pulumi.CustomResourceOptions): TenantSource {
  const { tenant, request } = args;
  const { platform, repository: brought } = request;
  if (brought !== undefined) return broughtSource(tenant, brought, platform);
  const { repositories } = platform;
  const scaffold = scaffoldOf(args);
  const made = repositories.make(
    {
      place: repositories.places.tenant(tenant),
      isTenants: true,
      purpose: `what runs for the tenant ${tenant}`,
      codeOwners: request.codeOwners,
      receiver: { namespace: controlNamespaceName(tenant), name: tenantRepository },
      webhook: engineWebhook(request),
      files: args.recipient.apply((recipient) => scaffoldFiles(scaffold, recipient)),
      sealedFiles: args.recipient.apply((recipient) => scaffoldSecrets(scaffold, recipient)),
    },
    options,
  );
  return { ...readable(made), branch: defaultBranch, knownHosts: repositories.knownHosts };
}

/** A component's own fields, and not what it is made of. */
function readable(made: ReadableRepository): ReadableRepository {
  const { sshUrl, webUrl, privateKey, publicKey, webhook } = made;
  return { sshUrl, webUrl, privateKey, publicKey, webhook };
}

function broughtSource(tenant: string, brought: BroughtRepository, platform: TenantPlatform): TenantSource {
  const { url, webhook } = brought;
  const identity = pulumi.secret(platform.brought.identity());
  const keys = identity.apply((text) =>
    broughtKeys(text, { environment: platform.environment, tenant, url }),
  );
  return {
    sshUrl: url,
    webUrl: pulumi.output(url),
    privateKey: keys.apply(({ privateKey }) => privateKey),
    publicKey: pulumi.unsecret(keys.apply(({ publicKey }) => publicKey)),
    webhook: webhook && { type: webhook, token: keys.apply(({ webhookToken }) => webhookToken) },
    branch: branchOf(brought),
    knownHosts: hostKeysOf(brought, platform),
    brought,
  };
}

/** The lines of `known_hosts` for a tenant's own repository; empty where nobody knows its host. */
export function hostKeysOf(brought: BroughtRepository, { brought: { knownHosts } }: TenantPlatform): string {
  const given = linesFor(brought, knownHosts);
  return given === "" ? linesFor(brought, publishedHostKeys) : given;
}

/** How a repository is read, in one piece. Secret. */
export function sshAccessOf(source: TenantSource): pulumi.Output<SshAccess> {
  const { sshUrl: url, branch, privateKey, knownHosts } = source;
  return pulumi.secret(
    pulumi
      .all([url, privateKey, knownHosts])
      .apply(([plainUrl, key, hosts]) => ({ url: plainUrl, branch, privateKey: key, knownHosts: hosts })),
  );
}

function scaffoldOf({ tenant, request, namespaces, domains }: TenantSourceArgs): ScaffoldArgs {
  const { platform, codeOwners = [] } = request;
  return {
    tenant,
    environment: platform.environment,
    namespace: namespaces[0] ?? "",
    namespaces,
    sampleImage: platform.sampleImage,
    host: platform.gateway === undefined ? undefined : domains[0],
    codeOwners,
    gitHost: platform.repositories.kind,
  };
}

import { CommandError, exitCodes } from "../exit";
import type { StackState } from "./state";
import { parseUrn } from "./urn";

const tenantType = "terp:tenant:Tenant";

/** What is protected, as the engine's message names it. */
const refusal = /resource "(urn:[^"]+)" cannot be deleted\s+because it is protected/;

/** What is protected and would be replaced, as the engine's message names it. */
const replacement = /unable to replace resource "(urn:[^"]+)"/;

/** What the setting `cluster.replace` calls a cluster, or a pool; undefined for anything else. */
function replaceable(urn: string): string | undefined {
  const { type, name } = parseUrn(urn);
  if (type === "azure-native:containerservice:ManagedCluster") return "cluster";
  return type === "azure-native:containerservice:AgentPool" ? name.replace(/^pool-/, "") : undefined;
}

/** The engine's error in our words, if it is about a cluster or a pool that would be replaced or deleted. */
function explainReplacement(error: string): string | undefined {
  const replaced = replacement.exec(error)?.[1];
  const urn = replaced ?? refusal.exec(error)?.[1];
  const what = urn === undefined ? undefined : replaceable(urn);
  return what === undefined ? undefined : refusedReplacement(what, replaced !== undefined);
}

function refusedReplacement(what: string, isReplaced: boolean): string {
  if (!isReplaced) {
    return (
      `${what === "cluster" ? "the cluster" : `pool "${what}"`} is no longer in the settings, and what runs there would go with it.\n` +
      `  Put it back. To delete it: add "${what}" to terp:cluster.replace, run \`terp up\`, then take both away.`
    );
  }
  const subject = what === "cluster" ? "the cluster would be" : `pool "${what}" would be`;
  return (
    `${subject} replaced: Azure can't change what was changed of it. ${what === "cluster" ? "All that runs in it" : "What runs on its nodes"} would go.\n` +
    `  Take the change back. To let it happen: add "${what}" to terp:cluster.replace, run \`terp up\` without the change, then make it, and take "${what}" out again; docs/azure.md says what replaces what.`
  );
}

/** The tenant that a resource belongs to: its component's name comes with the component alone, so the rest is told by theirs. */
function tenantOf(urn: string): string | undefined {
  const { type, parentTypes, name } = parseUrn(urn);
  if (type === tenantType) return name;
  return parentTypes.includes(tenantType) ? tenantIn(name) : undefined;
}

/** Logical names of a tenant's Kustomization and control namespace bear its name. */
function tenantIn(name: string): string | undefined {
  return /(?:^|\/)terp-tenant-([^/]+)(?:\/|$)/.exec(name)?.[1];
}

/** Logical names of what is in one of a tenant's own namespaces bear that one's, after their kind. */
function namespaceIn(urn: string): string | undefined {
  const { parentTypes, name } = parseUrn(urn);
  return parentTypes.includes(tenantType)
    ? /^(?:Namespace|ResourceQuota|LimitRange|NetworkPolicy|RoleBinding)\/([^/]+)/.exec(name)?.[1]
    : undefined;
}

/** Something that a tenant's instance in the program has no more, and whose it was: in words. */
interface Loss {
  readonly what: "charts" | "repository";
  readonly whose: string;
}

/** What a tenant that stays would lose with something that is protected. */
function lossIn(urn: string): Loss | undefined {
  const { parentTypes, name } = parseUrn(urn);
  if (!parentTypes.includes(tenantType)) return undefined;
  const repository = /^(?:Repository|RepositoryAtHost|HostedRepository)\/(.+)$/.exec(name)?.[1];
  if (repository !== undefined) return { what: "repository", whose: repository };
  const [, namespace] =
    /^[A-Za-z]+\/([^/]+)\/(?:(?:terp-)?helm-controller|repository-access)$/.exec(name) ?? [];
  if (namespace === undefined) return undefined;
  const tenant = tenantIn(name);
  const whose = tenant === undefined ? `the tenant of namespace "${namespace}"` : `tenant "${tenant}"`;
  return { what: "charts", whose };
}

/**
 * The engine's errors, with one in our words for each tenant whose instance was removed without its having been suspended, for
 * each namespace that was taken from a tenant, and for each cluster or pool of nodes that would be replaced.
 */
export function explainProtected(errors: readonly string[]): string[] {
  const tenants = new Set<string>();
  const namespaces = new Set<string>();
  const replaced = new Set<string>();
  const losses: Loss[] = [];
  const others = errors.filter((error) => {
    const explained = explainReplacement(error);
    if (explained !== undefined) {
      replaced.add(explained);
      return false;
    }
    const urn = refusal.exec(error)?.[1];
    if (urn === undefined) return true;
    const loss = lossIn(urn);
    if (loss !== undefined) {
      losses.push(loss);
      return false;
    }
    const tenant = tenantOf(urn);
    const namespace = namespaceIn(urn);
    if (tenant !== undefined) tenants.add(tenant);
    else if (namespace !== undefined) namespaces.add(namespace);
    return tenant === undefined && namespace === undefined;
  });
  const taken = [...namespaces].filter(
    (name) => ![...tenants].some((tenant) => name.startsWith(`${tenant}-`)),
  );
  // Who goes loses everything, and is told so once.
  const isGoing = tenants.size + namespaces.size > 0;
  const stays = isGoing ? [] : [...new Set(named(losses).map(refusedLoss))];
  return [
    ...replaced,
    ...[...tenants].sort().map(refused),
    ...taken.sort().map(refusedNamespace),
    ...stays,
    ...others,
  ];
}

/** Of charts that one tenant loses, what names the tenant says enough. */
function named(losses: readonly Loss[]): readonly Loss[] {
  const isNamed = losses.some(({ whose }) => whose.startsWith('tenant "'));
  return losses.filter(({ what, whose }) => what !== "charts" || !isNamed || whose.startsWith('tenant "'));
}

function refusedLoss({ what, whose }: Loss): string {
  const [found, before] =
    what === "charts"
      ? [
          `${whose} has \`charts\` no more, but isn't suspended: its HelmReleases would stay, and nobody could take them away.`,
          "have it remove its HelmReleases, ",
        ]
      : [
          `the repository ${whose} is no longer its tenant's in stacks/tenants.ts, but the tenant isn't suspended: something else would be applied at once.`,
          "",
        ];
  return (
    `${found}\n  Put it back. To change it: ${before}set \`suspended: true\` on the tenant, run \`terp up\`, ` +
    "make the change, run `terp up`, and let the tenant go on."
  );
}

function refusedNamespace(namespace: string): string {
  return (
    `namespace "${namespace}" is no longer among its tenant's in stacks/tenants.ts, but the tenant isn't suspended: all that is in it would be deleted.\n` +
    "  Name it again. To delete it: set `suspended: true` on the tenant, run `terp up`, keep the export, take the namespace away, run `terp up`, and let the tenant go on."
  );
}

function refused(tenant: string): string {
  return (
    `tenant "${tenant}" is no longer in stacks/tenants.ts, but it wasn't suspended: all that it has would be deleted.\n` +
    `  Offboard it: put its instance back with \`suspended: true\`, run \`terp up\`, keep the export, then remove the instance.\n` +
    `  Delete it at once, without an export: terp up --remove-tenant ${tenant}`
  );
}

/**
 * URNs of what a tenant is made of, in a state.
 *
 * @throws CommandError if the state has no such tenant.
 */
export function resourcesOfTenant(state: StackState | undefined, tenant: string): string[] {
  const resources = state?.resources ?? [];
  const component = resources.find(({ urn }) => {
    const { type, name } = parseUrn(urn);
    return type === tenantType && name === tenant;
  });
  if (component === undefined) {
    const names = resources.map(({ urn }) => parseUrn(urn)).filter(({ type }) => type === tenantType);
    const known = names.map(({ name }) => name).join(", ");
    throw new CommandError(
      `--remove-tenant: got "${tenant}", expected a tenant of the last run (${known === "" ? "there is none" : known})`,
      exitCodes.usage,
    );
  }
  // The engine refuses to unprotect anything where one of them is on its way out already.
  return resources
    .filter((each) => !each.delete && (each.urn === component.urn || each.parent === component.urn))
    .map(({ urn }) => urn);
}

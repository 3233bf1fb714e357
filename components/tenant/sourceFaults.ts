import type { Fault } from "../../infra/fault";
import { broughtFaults, hostNameOf, identityOf, portOf, takenFaults } from "../git/broughtRepository";
import { engineOf } from "./engine";
import type { TenantArgs } from "./tenantArgs";
import type { KnownTenant } from "./tenantFaults";
import { hostKeysOf } from "./tenantSource";

/** What is wrong with a repository that a tenant brings along to a platform: who it is, and what is there already. */
export function sourceFaults(tenant: string, args: TenantArgs): Fault[] {
  const { repository, platform } = args;
  const { sshUrlOf, places } = platform.repositories;
  if (repository === undefined) return lentFaults(sshUrlOf(places.tenant(tenant)), platform.names);
  // What is said of the repository itself comes first.
  if (broughtFaults("repository", repository).length > 0) return [];
  const made = platform.names
    .filter((other) => other.repository === undefined)
    .map((other) => ({ owner: `tenant "${other.tenant}"`, url: sshUrlOf(places.tenant(other.tenant)) }));
  return [
    ...takenFaults("repository", repository, [
      ...made,
      { owner: "the platform", url: sshUrlOf(places.platform) },
      { owner: "the platform", url: sshUrlOf(places.tenant(tenant)) },
    ]),
    ...keyFaults(args),
    ...portFaults(args),
  ];
}

/** Another tenant has named the repository that the platform makes for this one. */
function lentFaults(url: string, others: readonly KnownTenant[]): Fault[] {
  const found = others.find(({ repository = "" }) => identityOf(repository) === identityOf(url));
  if (found === undefined) return [];
  return [
    {
      path: "repository",
      given: "nothing",
      expected: `a repository of this tenant's alone: tenant "${found.tenant}" has named ${url}, which the platform makes for this one`,
      remedy: `let "${found.tenant}" name another one`,
    },
  ];
}

function keyFaults({ repository, platform }: TenantArgs): Fault[] {
  if (repository === undefined || hostKeysOf(repository, platform) !== "") return [];
  const host = hostNameOf(repository);
  const line = `${host} ssh-ed25519 AAAA…`;
  return [
    {
      path: "repository.url",
      given: JSON.stringify(repository.url),
      expected: `a host whose key is known: tenants.knownHosts has no line for ${host}`,
      remedy: `take the line from the host's operators, and type: pulumi config set --path terp:tenants.knownHosts '${line}' --stack ${platform.environment}`,
    },
  ];
}

/** Argo CD's network reaches Git hosts at one port. */
function portFaults(args: TenantArgs): Fault[] {
  const { repository } = args;
  if (repository === undefined || engineOf(args) !== "argocd" || portOf(repository) === 22) return [];
  return [
    {
      path: "repository.url",
      given: JSON.stringify(repository.url),
      expected: "port 22 under Argo CD: what the network policies let it reach",
      remedy: 'have the host listen there as well, or give this tenant `engine: "flux"`',
    },
  ];
}

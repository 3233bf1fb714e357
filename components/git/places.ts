import type { RepositoryPlace } from "./host";
import { platformPlace, servicesRepository, tenantRepository } from "./names";

/** Where a Git host has the platform's repositories. */
export interface Places {
  /** The platform repository. */
  readonly platform: RepositoryPlace;
  /** A tenant's. */
  readonly tenant: (tenant: string) => RepositoryPlace;
  /** That of a tenant's services. */
  readonly services: (tenant: string) => RepositoryPlace;
}

/** At Gitea inside the cluster: an organisation for each tenant, and one for the platform. */
export const ownPlaces: Places = {
  platform: platformPlace,
  tenant: (tenant) => ({ organisation: tenant, repository: tenantRepository }),
  services: (tenant) => ({ organisation: tenant, repository: servicesRepository }),
};

/**
 * At a Git host with other repositories beside, of perhaps several environments: a tenant's repository is the same in all of them,
 * the platform's is each environment's own. No tenant's name begins with `terp-`.
 *
 * @param organisation GitHub's organisation, or GitLab's group by its full path.
 * @param environment The stack's name.
 */
export function placesIn(organisation: string, environment: string): Places {
  return {
    platform: { organisation, repository: `terp-${environment}` },
    tenant: (tenant) => ({ organisation, repository: `${tenant}-${tenantRepository}` }),
    services: (tenant) => ({ organisation, repository: `${tenant}-${servicesRepository}` }),
  };
}

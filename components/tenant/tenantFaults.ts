import type { Fault } from "../../infra/fault";
import { claimFaults, type Claims } from "./admission/claims";
import { codeOwnersFaults } from "./codeOwners";
import { sharedDomainFaults } from "./domains";
import { grafanaFaults, type TenantGrafana } from "./grafana";
import { nameFaults, tenantsNameFaults, type TenantNames } from "./names";
import { peopleFaults, type People } from "./people";

/** What of a tenant no other may have as well. */
export interface KnownTenant extends TenantNames {
  /** @default none */
  readonly domains?: readonly string[];
}

/** What is asked for a tenant, as far as it can be judged without the platform. */
export interface TenantRequest extends Claims {
  /** The tenant's namespaces, without the tenant's name: `["app"]` of `team-blue` makes `team-blue-app`. */
  readonly namespaces: readonly string[];
  /**
   * Who of the team may do what in its namespaces.
   *
   * @default nobody: the repository alone decides
   */
  readonly people?: People;
  /**
   * Names of other tenants that it connects to. That opens both sides: whoever reviews the line answers for both.
   *
   * @default none
   */
  readonly reaches?: readonly string[];
  /**
   * Accounts and teams of the Git host's that answer for its repository, e.g. `@acme/team-blue`: written into its `CODEOWNERS` when it
   * is made. Where changes need a review, one of these must be among those who approve.
   *
   * @default nobody
   */
  readonly codeOwners?: readonly string[];
  /**
   * A Grafana of its own, with its logs: as usual, or with settings of its own.
   *
   * @default none
   */
  readonly grafana?: boolean | TenantGrafana;
}

/**
 * Everything that is wrong with what is asked for a tenant.
 *
 * @param others The tenants that there are: names are unique over all of them, and no two have one domain.
 */
export function tenantFaults(name: string, request: TenantRequest, others: readonly KnownTenant[]): Fault[] {
  const place = `tenants[${String(others.length)}]`;
  const names = tenantsNameFaults("tenants", [...others, { tenant: name, namespaces: request.namespaces }])
    .filter(({ path }) => path.startsWith(place))
    .map((fault) => ({ ...fault, path: fault.path.slice(place.length + 1) }));
  const { people = {}, reaches = [] } = request;
  return [
    ...names,
    ...peopleFaults("people", people),
    ...reaches.flatMap((other, index) => reachFaults(`reaches[${String(index)}]`, name, other)),
    ...codeOwnersFaults("codeOwners", request.codeOwners ?? []),
    ...grafanaFaults("grafana", request),
    ...claimFaults("", request),
    ...sharedDomainFaults(
      "domains",
      request.domains ?? [],
      others.filter(({ tenant }) => tenant !== name),
    ),
  ];
}

function reachFaults(path: string, tenant: string, other: string): Fault[] {
  if (other !== tenant) return nameFaults(path, other);
  const expected = "another tenant: a tenant's own namespaces reach each other anyway";
  return [{ path, given: JSON.stringify(other), expected, remedy: "leave it out" }];
}

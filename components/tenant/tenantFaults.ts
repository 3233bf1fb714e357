import type { Fault } from "../../infra/fault";
import { broughtFaults, takenFaults, type BroughtRepository } from "../git/broughtRepository";
import { claimFaults, type Claims } from "./admission/claims";
import { codeOwnersFaults } from "./codeOwners";
import { sharedDomainFaults } from "./domains";
import { grafanaFaults, type TenantGrafana } from "./grafana";
import { nameFaults, namespaceName, tenantsNameFaults, type TenantNames } from "./names";
import { peopleFaults, type People } from "./people";

/** What of a tenant no other may have as well. */
export interface KnownTenant extends TenantNames {
  /** @default none */
  readonly domains?: readonly string[];
  /** The URL of the repository that it brought along. @default none */
  readonly repository?: string | undefined;
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
   * A repository that it brings along. The platform makes its deploy key and reads it, and does nothing else at its host.
   *
   * @default one that the platform makes
   */
  readonly repository?: BroughtRepository | undefined;
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
  const near = others.filter((other) => isNear(other, name, request));
  const place = `tenants[${String(near.length)}]`;
  const names = tenantsNameFaults("tenants", [...near, { tenant: name, namespaces: request.namespaces }])
    .filter(({ path }) => path.startsWith(place))
    .map((fault) => ({ ...fault, path: fault.path.slice(place.length + 1) }));
  const { people = {}, reaches = [] } = request;
  return [
    ...names,
    ...peopleFaults("people", people),
    ...reaches.flatMap((other, index) => reachFaults(`reaches[${String(index)}]`, name, other)),
    ...codeOwnersFaults("codeOwners", request.codeOwners ?? []),
    ...repositoryFaults("repository", request, others),
    ...grafanaFaults("grafana", request),
    ...claimFaults("", request),
    ...sharedDomainFaults(
      "domains",
      request.domains ?? [],
      others.filter(({ tenant }) => tenant !== name),
    ),
  ];
}

function repositoryFaults(
  path: string,
  { repository, codeOwners = [] }: TenantRequest,
  others: readonly KnownTenant[],
): Fault[] {
  if (repository === undefined) return [];
  const taken = others.flatMap(({ tenant, repository: url }) =>
    url === undefined ? [] : [{ owner: `tenant "${tenant}"`, url }],
  );
  const expected = "nothing beside `repository`: the platform writes no file into it";
  return [
    ...broughtFaults(path, repository),
    ...takenFaults(path, repository, taken),
    ...(codeOwners.length === 0
      ? []
      : [
          {
            path: "codeOwners",
            given: JSON.stringify(codeOwners),
            expected,
            remedy: "leave it out, and write CODEOWNERS into the repository",
          },
        ]),
  ];
}

/** Whether one of a tenant's names could be another's too: all others were looked at when it was their turn. */
function isNear(other: KnownTenant, name: string, { namespaces }: TenantRequest): boolean {
  const theirs = other.namespaces.map((namespace) => namespaceName(other.tenant, namespace));
  return (
    other.tenant === name || namespaces.some((namespace) => theirs.includes(namespaceName(name, namespace)))
  );
}

function reachFaults(path: string, tenant: string, other: string): Fault[] {
  if (other !== tenant) return nameFaults(path, other);
  const expected = "another tenant: a tenant's own namespaces reach each other anyway";
  return [{ path, given: JSON.stringify(other), expected, remedy: "leave it out" }];
}

import { LeftKeys } from "../components/tenant/leftKeys";
import type { TenantComponent } from "../components/tenant/tenant";
import type { Services } from "./services";

/** Has the keys of tenants that this program doesn't have where Flux doesn't look. */
export function leftKeys(
  { forTenants: { repositories, platformRepositoryId }, options }: Pick<Services, "forTenants" | "options">,
  teams: readonly Pick<TenantComponent, "tenant">[],
): LeftKeys {
  return new LeftKeys(
    "left-keys",
    {
      access: repositories.access,
      ...repositories.places.platform,
      repositoryId: platformRepositoryId,
      tenants: teams.map(({ tenant }) => tenant),
    },
    { transformations: options.transformations ?? [] },
  );
}

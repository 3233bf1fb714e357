import type * as pulumi from "@pulumi/pulumi";

import { TenantComponent } from "../components/tenant/tenant";
import type { TenantPlatform } from "../components/tenant/tenantArgs";

/**
 * The teams of this platform: one instance each, in alphabetical order.
 *
 * A team's name, its namespaces and all that follows from them are explained at {@link TenantComponent}.
 */
export function tenants(
  platform: TenantPlatform,
  options: pulumi.ComponentResourceOptions,
): TenantComponent[] {
  return [
    // One tenant, one line or more.
    new TenantComponent("team-blue", { platform, namespaces: ["app"], size: "small" }, options),
  ];
}

import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";

import { platformLogTenant } from "../logs/names";
import { applications } from "./dashboards/applications";
import { flux } from "./dashboards/flux";
import { logs } from "./dashboards/logs";
import type { Source } from "./dashboards/panels";
import { platform as platformDashboard } from "./dashboards/platform";
import type { GrafanaArgs, GrafanaSource } from "./grafana";
import type { GrafanaGroups } from "./login";
import { grafanaHost } from "./names";
import { common, type GrafanaPlatform } from "./platform";

/** The variable by which an operator chooses whose logs a dashboard shows. */
const tenantVariable = "tenant";

/** Whose logs are looked at is chosen among the sources. */
const chosen: Source = {
  uid: `$\{${tenantVariable}}`,
  choice: () =>
    new dashboard.DatasourceVariableBuilder(tenantVariable)
      .label("Tenant")
      .type("loki")
      .current({ selected: true, text: platformLogTenant, value: uidOf(platformLogTenant) }),
};

/**
 * The operators' Grafana: the platform's health, and every tenant's logs, each by that tenant's own credential.
 *
 * @param tenants Names of the tenants.
 */
export function grafanaForOperators(
  platform: GrafanaPlatform,
  tenants: readonly string[],
  groups: GrafanaGroups,
): GrafanaArgs {
  const own = sourceOf(platformLogTenant);
  const all = [own, ...tenants.map(sourceOf)] as const;
  const named = all.map(({ uid, name }) => ({ uid, title: name }));
  return {
    ...common(platform, groups),
    host: grafanaHost(platform.domain),
    sources: all,
    dashboards: [
      platformDashboard({ uid: own.uid }, named),
      flux({ uid: own.uid }),
      applications(chosen),
      logs(chosen),
    ],
  };
}

function uidOf(tenant: string): string {
  return `logs-${tenant}`;
}

function sourceOf(tenant: string): GrafanaSource {
  return { uid: uidOf(tenant), name: tenant, tenant };
}

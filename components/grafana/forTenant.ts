import { applications } from "./dashboards/applications";
import { logs } from "./dashboards/logs";
import type { GrafanaArgs, GrafanaTenant } from "./grafana";
import type { GrafanaGroups } from "./login";
import { grafanaHost } from "./names";
import { common, type GrafanaPlatform } from "./platform";

/** A tenant's Grafana: its own logs, and nobody else's. */
export function grafanaForTenant(
  platform: GrafanaPlatform,
  tenant: GrafanaTenant,
  groups: GrafanaGroups,
): GrafanaArgs {
  const source = { uid: "logs" };
  return {
    ...common(platform, groups),
    host: grafanaHost(platform.domain, tenant.name),
    sources: [{ ...source, name: "Logs", tenant: tenant.name }],
    dashboards: [applications(source), logs(source)],
    tenant,
  };
}

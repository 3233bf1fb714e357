/** What a Grafana's objects are called, in each namespace that has one. */
export const grafanaName = "grafana";
/** The port that it listens on: above 1024, for it runs without rights. */
export const grafanaPort = 3000;
/** Labels by which its pod is found. */
export const grafanaLabels = { app: grafanaName } as const;
/** The ConfigMap with a tenant's own dashboards, which its repository writes into its Grafana's namespace. */
export const ownDashboards = "grafana-dashboards";
/** The Secret with the address that a tenant's alerts go to, as its entry `url`; its repository writes it there, sealed. */
export const ownChannel = "grafana-alerts";

/**
 * The namespace of a Grafana: one for each tenant, which isn't the tenant's, and one for the operators.
 *
 * @param tenant The tenant's name; absent for the operators' Grafana.
 */
export function grafanaNamespace(tenant?: string): string {
  return tenant === undefined ? "terp-grafana" : `terp-grafana-${tenant}`;
}

/**
 * The host name of a Grafana, right below the platform's domain: a certificate for all of that goes no deeper.
 *
 * @param domain The platform's domain, e.g. `platform.example.org`.
 * @param tenant The tenant's name; absent for the operators' Grafana.
 */
export function grafanaHost(domain: string, tenant?: string): string {
  return tenant === undefined ? `grafana.${domain}` : `grafana-${tenant}.${domain}`;
}

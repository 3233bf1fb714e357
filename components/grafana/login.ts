/** Groups of the identity provider, by what their members may do. Who is in several has the most; who is in none isn't let in. */
export interface GrafanaGroups {
  /** Those who may also change data sources and users. */
  readonly admins: readonly string[];
  /** Those who may also edit dashboards and silence alerts. */
  readonly editors: readonly string[];
  /** Those who look at dashboards and logs. */
  readonly viewers: readonly string[];
}

/** How people log in, by OpenID Connect. Grafana doesn't discover a provider's endpoints: they are given. */
export interface GrafanaLogin {
  readonly clientId: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly userInfoUrl: string;
  /** What is asked for. */
  readonly scopes: readonly string[];
  readonly groups: GrafanaGroups;
  /**
   * Certificates of the authorities that the provider is trusted by, in PEM.
   *
   * @default those of Grafana's image
   */
  readonly authority?: string | undefined;
}

const roles = [
  ["admins", "Admin"],
  ["editors", "Editor"],
  ["viewers", "Viewer"],
] as const;

/**
 * The JMESPath expression by which Grafana takes a person's role from the claim `groups`. It is empty-handed for who is in no
 * group, and `role_attribute_strict` then refuses.
 *
 * @param groups Groups without faults, see infra/grafanaGroup.ts.
 */
export function rolePath(groups: GrafanaGroups): string {
  return roles
    .filter(([list]) => groups[list].length > 0)
    .map(([list, role]) => {
      const isIn = groups[list].map((group) => `contains(groups[*], '${group}')`).join(" || ");
      return `(${isIn}) && '${role}'`;
    })
    .join(" || ");
}

import type { Fault } from "../../infra/fault";

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
 * @param groups Groups without faults, see {@link groupFaults}.
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

/**
 * What is wrong with a group's name. It stands in an expression, in a settings file whose variables are replaced: signs that mean
 * something in either are refused, rather than escaped in two ways at once.
 */
export function groupFaults(path: string, group: string): Fault[] {
  if (/^[\p{L}\p{N}_.:@/=,+()&-]([\p{L}\p{N} _.:@/=,+()&-]*[\p{L}\p{N}_.:@/=,+()&-])?$/u.test(group))
    return [];
  return [
    {
      path,
      given: JSON.stringify(group),
      expected: "a group's name of letters, digits, spaces inside, and the signs _ . : @ / = , + ( ) & -",
      remedy: "give the group another name at the identity provider, or name it by its id",
    },
  ];
}

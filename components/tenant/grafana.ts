import type { Fault } from "../../infra/fault";
import { grafanaGroupFaults } from "../../infra/grafanaGroup";
import { rangeFaults } from "../../infra/range";
import { reconcilerAccount } from "../flux/names";
import type { ChannelKind } from "../grafana/alerts";
import type { GrafanaArgs, GrafanaTenant } from "../grafana/grafana";
import { forTenant } from "../grafana/lazy";
import type { GrafanaGroups } from "../grafana/login";
import type { GrafanaPlatform } from "../grafana/platform";
import { controlNamespaceName } from "./names";
import type { People } from "./people";

/** A tenant's own Grafana, as far as it differs from the usual. */
export interface TenantGrafana {
  /**
   * Who may log in, and as what: groups as the identity provider names them.
   *
   * @default the tenant's people: owners as admins, developers as editors, viewers as viewers
   */
  readonly groups?: Partial<GrafanaGroups>;
  /**
   * What tells the team of errors in its logs.
   *
   * @default nothing
   */
  readonly alerts?: {
    /** What the channel is; its address is in the Secret `grafana-alerts`, which the team seals. */
    readonly kind: ChannelKind;
    /** Where the channel is, as CIDR: Grafana reaches it by HTTPS. */
    readonly ranges: readonly string[];
    /**
     * How many lines with errors in five minutes, in one namespace, are too many.
     *
     * @default 10
     */
    readonly errors?: number;
  };
}

/** What is asked for, and the people that it goes by. */
export interface GrafanaRequest {
  readonly grafana?: boolean | TenantGrafana;
  readonly people?: People;
}

const lists = ["admins", "editors", "viewers"] as const;

/** Everything that is wrong with what is asked for a tenant's Grafana, as far as it can be judged without the platform. */
export function grafanaFaults(path: string, { grafana }: GrafanaRequest): Fault[] {
  if (typeof grafana !== "object") return [];
  const { groups = {}, alerts } = grafana;
  const named = lists.flatMap((list) =>
    (groups[list] ?? []).flatMap((group, index) =>
      grafanaGroupFaults(`${path}.groups.${list}[${String(index)}]`, group),
    ),
  );
  if (alerts === undefined) return named;
  const { ranges, errors = 1 } = alerts;
  const fault = (setting: string, given: string, expected: string, remedy: string): Fault => ({
    path: `${path}.alerts.${setting}`,
    given,
    expected,
    remedy,
  });
  return [
    ...named,
    ...(ranges.length > 0
      ? []
      : [fault("ranges", "none", "where the channel is", 'write for example ["192.0.2.0/24"]')]),
    ...ranges.flatMap((range, index) => rangeFaults(`${path}.alerts.ranges[${String(index)}]`, range)),
    ...(Number.isSafeInteger(errors) && errors > 0
      ? []
      : [fault("errors", String(errors), "a whole number of lines, at least 1", "write for example 10")]),
  ];
}

/** What is wrong with a tenant's Grafana on a platform: that there is none, or that nobody could log in. */
export function grafanaPlatformFaults(
  path: string,
  request: GrafanaRequest,
  environment: string,
  platform: GrafanaPlatform | undefined,
): Fault[] {
  const { grafana = false } = request;
  if (grafana === false) return [];
  if (platform === undefined) {
    const expected = "a platform with Grafana: the section grafana of its configuration";
    const remedy = `type: pulumi config set --stack ${environment} --path 'terp:grafana.domain' platform.example.org`;
    return [{ path, given: "a Grafana", expected, remedy }];
  }
  if (platform.client === undefined) return [];
  const groups = grafanaGroups(request, platform.groupsPrefix);
  const own = typeof grafana === "object" && grafana.groups !== undefined;
  if (lists.every((list) => groups[list].length === 0)) {
    const expected = "at least one group that may log in";
    return [
      { path, given: "nobody", expected, remedy: 'name one, as in people: { developers: ["team-blue"] }' },
    ];
  }
  // Those of its own have been looked at.
  return own
    ? []
    : lists.flatMap((list) => groups[list].flatMap((group) => grafanaGroupFaults("people", group)));
}

/**
 * Who may log in to a tenant's Grafana.
 *
 * @param prefix What the API server puts before a group's name, which the identity provider knows nothing of.
 */
export function grafanaGroups({ grafana, people = {} }: GrafanaRequest, prefix: string): GrafanaGroups {
  const groups = typeof grafana === "object" ? grafana.groups : undefined;
  if (groups) return { admins: [], editors: [], viewers: [], ...groups };
  const unprefixed = (list: readonly string[] = []): readonly string[] =>
    list.map((group) => (group.startsWith(prefix) ? group.slice(prefix.length) : group));
  return {
    admins: unprefixed(people.owners),
    editors: unprefixed(people.developers),
    viewers: unprefixed(people.viewers),
  };
}

/** The Grafana that is asked for, or none. */
export function tenantGrafana(
  tenant: string,
  request: GrafanaRequest,
  platform: GrafanaPlatform | undefined,
): GrafanaArgs | undefined {
  const { grafana = false, people = {} } = request;
  if (grafana === false || platform === undefined) return undefined;
  const alerts = typeof grafana === "object" ? grafana.alerts : undefined;
  const owned: GrafanaTenant = {
    name: tenant,
    writers: [
      { kind: "ServiceAccount", name: reconcilerAccount, namespace: controlNamespaceName(tenant) },
      ...(people.owners ?? []).map((name) => ({
        kind: "Group" as const,
        name,
        apiGroup: "rbac.authorization.k8s.io",
      })),
    ],
    ...(alerts && { alerts: { errors: 10, ...alerts } }),
  };
  return forTenant().grafanaForTenant(platform, owned, grafanaGroups(request, platform.groupsPrefix));
}

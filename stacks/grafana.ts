import { gatewayNamespace, platformGateway } from "../components/gateway/names";
import { grafanaForOperators } from "../components/grafana/forOperators";
import { Grafana } from "../components/grafana/grafana";
import type { GrafanaPlatform } from "../components/grafana/platform";
import type { LogAccess } from "../components/logs/names";
import type { TenantComponent } from "../components/tenant/tenant";
import type { PlatformConfig } from "../infra/config";
import { images } from "../infra/versions";
import { groupsWith, type ApplicationLogin } from "./oidc";
import type { Services } from "./services";

/** What Grafanas need of the platform's other parts. */
export interface GrafanaPlace {
  readonly podSecurityVersion: string;
  /** How logs are reached. */
  readonly logs: LogAccess | undefined;
  /** How people log in. Absent where there is no identity provider. */
  readonly login: ApplicationLogin | undefined;
}

/** What each Grafana is built on, where the configuration has them. */
export function grafanaPlatform(
  { environment, grafana, ingress }: PlatformConfig,
  { podSecurityVersion, logs, login }: GrafanaPlace,
): GrafanaPlatform | undefined {
  // The configuration's own checks admit no Grafana without logs.
  if (grafana === undefined || logs === undefined) return undefined;
  return {
    environment,
    podSecurityVersion,
    image: images.grafana,
    logs,
    ...grafana,
    // Elsewhere its Gateway has no certificate.
    ...(ingress.kind === "gateway" &&
      ingress.domain === grafana.domain && {
        entry: { kind: "gateway", gateway: { name: platformGateway, namespace: gatewayNamespace } },
      }),
    ...(login && {
      client: {
        login: {
          clientId: login.clientId,
          authorizationUrl: login.endpoints.authorization,
          tokenUrl: login.endpoints.token,
          userInfoUrl: login.endpoints.userInfo,
          scopes: login.scopes,
        },
        secret: login.clientSecret,
      },
    }),
  };
}

/** The operators' own, with everybody's logs; `undefined` where the platform has no Grafana. */
export function operatorsGrafana(
  config: PlatformConfig,
  { forTenants: { grafana, ready }, options }: Services,
  tenants: readonly TenantComponent[],
): Grafana | undefined {
  if (grafana === undefined) return undefined;
  const groups = {
    admins: groupsWith("operator", config),
    editors: [],
    viewers: groupsWith("viewer", config),
  };
  const names = tenants.map(({ tenant }) => tenant);
  return new Grafana("grafana", grafanaForOperators(grafana, names, groups), {
    ...options,
    dependsOn: [...ready],
  });
}

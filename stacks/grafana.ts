import type * as pulumi from "@pulumi/pulumi";

import { gatewayNamespace, platformGateway } from "../components/gateway/names";
import type { Grafana } from "../components/grafana/grafana";
import { forOperators, grafana as grafanaComponent } from "../components/grafana/lazy";
import type { GrafanaPlatform } from "../components/grafana/platform";
import type { LogAccess } from "../components/logs/names";
import type { TenantComponent } from "../components/tenant/tenant";
import type { TenantPlatform } from "../components/tenant/tenantArgs";
import type { PlatformConfig } from "../infra/config";
import { images } from "../infra/versions";
import { groupsWith, type ApplicationLogin } from "./oidc";

/** What Grafanas need of the platform's other parts. */
export interface GrafanaPlace {
  readonly podSecurityVersion: string;
  /** How logs are reached. */
  readonly logs: LogAccess | undefined;
  /** How people log in. Absent where there is no identity provider. */
  readonly login: ApplicationLogin | undefined;
}

/** What the operators' Grafana takes from the services. */
export interface GrafanaServices {
  readonly forTenants: TenantPlatform;
  readonly options: pulumi.ComponentResourceOptions;
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
          ...(login.authority !== undefined && { authority: login.authority }),
        },
        secret: login.clientSecret,
      },
    }),
  };
}

/** The operators' own, with everybody's logs; `undefined` where the platform has no Grafana. */
export function operatorsGrafana(
  config: PlatformConfig,
  { forTenants: { grafana, ready }, options }: GrafanaServices,
  tenants: readonly TenantComponent[],
): Grafana | undefined {
  if (grafana === undefined) return undefined;
  const groups = {
    admins: groupsWith("operator", config),
    editors: [],
    viewers: groupsWith("viewer", config),
  };
  const names = tenants.map(({ tenant }) => tenant);
  const { Grafana } = grafanaComponent();
  const { grafanaForOperators } = forOperators();
  return new Grafana("grafana", grafanaForOperators(grafana, names, groups), {
    ...options,
    dependsOn: [...ready],
  });
}

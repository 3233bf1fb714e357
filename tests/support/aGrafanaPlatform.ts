import * as pulumi from "@pulumi/pulumi";

import type { GrafanaTenant } from "../../components/grafana/grafana";
import type { GrafanaGroups } from "../../components/grafana/login";
import type { GrafanaPlatform } from "../../components/grafana/platform";

/** What Grafanas are built on, as the services give it, with some of it replaced; nothing of it is marked as secret yet. */
export function aGrafanaPlatform(changes: Partial<GrafanaPlatform> = {}): GrafanaPlatform {
  return {
    environment: "dev",
    podSecurityVersion: "v1.34",
    image: "grafana:1",
    domain: "platform.example.org",
    entry: { kind: "gateway", gateway: { name: "platform", namespace: "gateway" } },
    logs: {
      url: "http://gateway.terp-logs.svc.cluster.local",
      credentialOf: (tenant, right) =>
        pulumi.output({ username: tenant, password: `${tenant}'s password to ${right}` }),
    },
    client: {
      login: {
        clientId: "grafana",
        authorizationUrl: "https://login.example.org/authorize",
        tokenUrl: "https://login.example.org/token",
        userInfoUrl: "https://login.example.org/userinfo",
        scopes: ["openid", "groups"],
      },
      secret: "the client's secret",
    },
    identityProvider: ["192.0.2.7/32"],
    groupsPrefix: "",
    ...changes,
  };
}

/** Who may log in. */
export const someGroups: GrafanaGroups = { admins: ["leads"], editors: ["devs"], viewers: ["all"] };

/** A tenant with alerts. */
export const blue: GrafanaTenant = {
  name: "team-blue",
  writers: [{ kind: "ServiceAccount", name: "reconciler", namespace: "terp-tenant-team-blue" }],
  alerts: { kind: "slack", ranges: ["198.51.100.0/24"], errors: 10 },
};

import { strict as assert } from "node:assert";

import {
  grafanaConfiguration,
  type GrafanaConfigurationArgs,
} from "../../../../components/grafana/configuration";
import { iniSettings } from "../../../support/iniSettings";

const login = {
  clientId: "grafana",
  authorizationUrl: "https://login.example.org/authorize",
  tokenUrl: "https://login.example.org/token",
  userInfoUrl: "https://login.example.org/userinfo",
  scopes: ["openid", "profile", "email", "groups"],
  groups: { admins: ["leads"], editors: ["devs"], viewers: [] },
};
const args: GrafanaConfigurationArgs = {
  host: "grafana-team-blue.platform.example.org",
  logsAddress: "gateway.terp-logs.svc.cluster.local",
  home: "/etc/terp/dashboards/applications.json",
  login,
};

/** What a setting has to be, and what goes wrong else. */
const decisive: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "lets nobody make an account, or an organisation of their own": {
    "users.allow_sign_up": "false",
    "users.allow_org_create": "false",
  },
  "shows nothing to whoever isn't signed in": {
    "auth.anonymous.enabled": "false",
    "public_dashboards.enabled": "false",
    "snapshots.enabled": "false",
    "snapshots.external_enabled": "false",
    "metrics.enabled": "false",
  },
  "lets people in by the identity provider, and by no form": {
    "auth.disable_login_form": "true",
    "auth.generic_oauth.enabled": "true",
    "auth.generic_oauth.auto_login": "true",
    "auth.generic_oauth.client_id": "grafana",
    "auth.generic_oauth.auth_url": "https://login.example.org/authorize",
    "auth.generic_oauth.token_url": "https://login.example.org/token",
    "auth.generic_oauth.api_url": "https://login.example.org/userinfo",
    "auth.generic_oauth.scopes": "openid profile email groups",
    "auth.generic_oauth.use_pkce": "true",
  },
  "asks the identity provider for each role, and refuses who has none": {
    "auth.generic_oauth.role_attribute_path":
      "(contains(groups[*], 'leads')) && 'Admin' || (contains(groups[*], 'devs')) && 'Editor'",
    "auth.generic_oauth.role_attribute_strict": "true",
    "auth.generic_oauth.skip_org_role_sync": "false",
  },
  "makes nobody of the tenant's an administrator of the server": {
    "auth.generic_oauth.allow_assign_grafana_admin": "false",
  },
  "reads secrets from files": {
    "security.admin_password": "$__file{/etc/terp/secrets/password}",
    "security.secret_key": "$__file{/etc/terp/secrets/key}",
    "auth.generic_oauth.client_secret": "$__file{/etc/terp/secrets/client-secret}",
  },
  "gives cookies to HTTPS alone, and to its own host name": {
    "security.cookie_secure": "true",
    "security.cookie_samesite": "lax",
    "security.strict_transport_security": "true",
    "server.root_url": "https://grafana-team-blue.platform.example.org/",
    "server.domain": "grafana-team-blue.platform.example.org",
    "server.enforce_domain": "true",
  },
  "takes in no plugin": {
    "plugins.plugin_admin_enabled": "false",
    "plugins.preinstall_disabled": "true",
    "plugins.preinstall_auto_update": "false",
  },
  "fetches nothing from its makers, and tells them nothing": {
    "analytics.enabled": "false",
    "analytics.reporting_enabled": "false",
    "analytics.check_for_updates": "false",
    "analytics.check_for_plugin_updates": "false",
    "news.news_feed_enabled": "false",
    "security.disable_gravatar": "true",
    "plugins.public_key_retrieval_disabled": "true",
  },
  "passes requests on to the logs' gateway alone": {
    "security.data_source_proxy_whitelist": "gateway.terp-logs.svc.cluster.local",
  },
  "writes its own log where the collector reads it": { "log.mode": "console", "log.console.format": "json" },
  "begins with the platform's first dashboard": {
    "dashboards.default_home_dashboard_path": "/etc/terp/dashboards/applications.json",
  },
};

describe("Grafana's configuration", () => {
  const found = iniSettings(grafanaConfiguration(args));

  for (const [what, expected] of Object.entries(decisive)) {
    it(what, () => {
      const given = Object.fromEntries(Object.keys(expected).map((name) => [name, found.get(name)]));
      assert.deepEqual(given, expected);
    });
  }

  it("has no secret in it: each stands in a file", () => {
    const secrets = [...found].filter(([name]) => /(secret|secret_key|password)$/.test(name));
    assert.equal(secrets.length, 3);
    assert.deepEqual(
      secrets.filter(([, value]) => !/^\$__file\{[a-z/-]+\}$/.test(value)),
      [],
    );
  });

  it("trusts the identity provider by what its image has, unless the provider has authorities of its own", () => {
    const own = { ...args, login: { ...login, authority: "PEM" } };
    const authority = "auth.generic_oauth.tls_client_ca";
    assert.equal(found.get(authority), undefined);
    assert.equal(iniSettings(grafanaConfiguration(own)).get(authority), "/etc/terp/settings/login-ca.pem");
  });

  it("has a form for the administrator where there is no identity provider", () => {
    const alone = iniSettings(grafanaConfiguration({ host: args.host, logsAddress: args.logsAddress }));
    assert.equal(alone.get("auth.disable_login_form"), "false");
    assert.deepEqual(
      [...alone.keys()].filter((name) => name.startsWith("auth.generic_oauth.")),
      [],
    );
  });
});

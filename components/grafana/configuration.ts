import { rolePath, type GrafanaLogin } from "./login";
import { grafanaPort } from "./names";

/** Where things lie in Grafana's container. */
export const grafanaPaths = {
  /** Its database, which ends with the pod: all that counts is in files. */
  data: "/var/lib/grafana",
  /** Settings, rules and the start script; read-only. */
  settings: "/etc/terp/settings",
  /** One secret a file; read-only. */
  secrets: "/etc/terp/secrets",
  /** What Grafana reads at its start, a folder for each kind. */
  provisioning: "/etc/terp/provisioning",
  /** The platform's dashboards; read-only. */
  dashboards: "/etc/terp/dashboards",
  /** The tenant's own dashboards; read-only, and empty until its repository has some. */
  own: "/etc/terp/own",
  /** Where the tenant's alerts go; read-only, and empty until its repository says. */
  channel: "/etc/terp/channel",
  /** Written at run time and lost with the container. */
  temporary: "/tmp",
} as const;

/** The file with the authorities that the identity provider is trusted by, where it has some of its own. */
export const authorityFile = "login-ca.pem";

/** Entries of the Secret, each a file in Grafana's container. */
export const secretFiles = {
  password: "password",
  /** Encrypts what Grafana keeps in its database. */
  key: "key",
  clientSecret: "client-secret",
} as const;

/** How a settings file or a provisioning file has Grafana read a value from one of its secrets' files. */
export function fromSecretFile(file: string): string {
  return `$__file{${grafanaPaths.secrets}/${file}}`;
}

/** The name of the one account with a password. */
export const grafanaAdministrator = "admin";

export interface GrafanaConfigurationArgs {
  /** The host name by which browsers reach it. */
  readonly host: string;
  /** Host and port of the logs' gateway, the one address that its proxy serves. */
  readonly logsAddress: string;
  /** The home page, as a file; absent for Grafana's own. */
  readonly home?: string;
  /** Absent where there is no identity provider: then the administrator's account is the only one. */
  readonly login?: GrafanaLogin;
}

type Section = Readonly<Record<string, string | number | boolean>>;

/**
 * Grafana's `grafana.ini`: nobody gets in but by the identity provider, nothing is fetched from or sent to its makers, no plugin
 * comes in, and no secret stands in it.
 *
 * Sections and settings are those of Grafana 13's documentation, "Configure Grafana".
 */
export function grafanaConfiguration(args: GrafanaConfigurationArgs): string {
  const { host, home, login } = args;
  const sections: Readonly<Record<string, Section>> = {
    server: {
      http_port: grafanaPort,
      domain: host,
      root_url: `https://${host}/`,
      // Another name for it could be anybody's.
      enforce_domain: true,
    },
    database: { type: "sqlite3", wal: true },
    analytics: {
      enabled: false,
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    // It would be open to everybody who reaches the host name.
    metrics: { enabled: false },
    security: {
      admin_user: grafanaAdministrator,
      admin_password: fromSecretFile(secretFiles.password),
      secret_key: fromSecretFile(secretFiles.key),
      disable_gravatar: true,
      cookie_secure: true,
      cookie_samesite: "lax",
      strict_transport_security: true,
      content_security_policy: true,
      data_source_proxy_whitelist: args.logsAddress,
    },
    snapshots: { enabled: false, external_enabled: false },
    public_dashboards: { enabled: false },
    dashboards: { min_refresh_interval: "10s", ...(home && { default_home_dashboard_path: home }) },
    users: { allow_sign_up: false, allow_org_create: false, viewers_can_edit: false },
    auth: { disable_login_form: login !== undefined },
    "auth.anonymous": { enabled: false },
    // By this an operator gets in when the identity provider is gone, over the API.
    "auth.basic": { enabled: true },
    ...(login && { "auth.generic_oauth": byOidc(login) }),
    plugins: {
      plugin_admin_enabled: false,
      preinstall_disabled: true,
      preinstall_auto_update: false,
      public_key_retrieval_disabled: true,
    },
    unified_alerting: { enabled: true },
    log: { mode: "console", level: "info" },
    "log.console": { format: "json" },
  };
  return Object.entries(sections)
    .map(([section, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${String(value)}\n`);
      return `[${section}]\n${lines.join("")}`;
    })
    .join("\n");
}

function byOidc(login: GrafanaLogin): Section {
  return {
    enabled: true,
    name: "single sign-on",
    auto_login: true,
    // An account is made for whoever the roles let in, and for nobody else.
    allow_sign_up: true,
    client_id: login.clientId,
    client_secret: fromSecretFile(secretFiles.clientSecret),
    scopes: login.scopes.join(" "),
    auth_url: login.authorizationUrl,
    token_url: login.tokenUrl,
    api_url: login.userInfoUrl,
    ...(login.authority !== undefined && { tls_client_ca: `${grafanaPaths.settings}/${authorityFile}` }),
    use_pkce: true,
    use_refresh_token: true,
    login_attribute_path: "preferred_username || email || sub",
    role_attribute_path: rolePath(login.groups),
    role_attribute_strict: true,
    allow_assign_grafana_admin: false,
    skip_org_role_sync: false,
  };
}

import { basicAuthorization, logCredential } from "./credentials";
import { lokiPorts } from "./lokiConfiguration";
import { logGatewayPorts, lokiName, logsNamespace, platformLogTenant, type LogRight } from "./names";

/** Where the gateway says that it runs. */
export const gatewayHealthPath = "/-/ready";

/** The most that one request may bring, in bytes. A collector's has at most a few MiB. */
const largestRequest = 32 << 20;

/** What Grafana and `logcli` ask of Loki. Nothing that deletes, nothing of the ruler's, nothing of Loki's own state. */
const readPaths = [
  "query",
  "query_range",
  "labels",
  "label",
  "label/[a-zA-Z_][a-zA-Z0-9_]*/values",
  "series",
  "tail",
  "index/stats",
  "index/volume",
  "index/volume_range",
  "format_query",
  "detected_labels",
  "detected_fields",
  "detected_field/[a-zA-Z_][a-zA-Z0-9_]*/values",
  "patterns",
].map((path) => `/loki/api/v1/${path}`);

/** Where lines are taken: by OpenTelemetry's protocol, and by Loki's own. */
export const writePaths = { otlp: "/otlp/v1/logs", push: "/loki/api/v1/push" } as const;

/** What each right allows. */
const allowed: Readonly<
  Record<LogRight, { readonly methods: readonly string[]; readonly paths: readonly string[] }>
> = {
  read: { methods: ["GET", "POST"], paths: readPaths },
  write: { methods: ["POST"], paths: Object.values(writePaths) },
};

const tenantPlaceholder = "{terp.tenant}";
const rightPlaceholder = "{terp.right}";

/**
 * The gateway's configuration, for Caddy: the credential alone decides whose logs a request is about and what it may do; whatever else
 * the request says of that is dropped. Secret: it has every tenant's credentials.
 *
 * Objects as in {@link https://caddyserver.com/docs/json/ | Caddy's reference}, 2.11.
 *
 * @param key The platform's key for logs.
 * @param tenants Names of all tenants but the platform.
 */
export function gatewayConfiguration(key: string, tenants: readonly string[]): Record<string, unknown> {
  return {
    // Else it would take another configuration from whoever is in its network, and write this one to its disk.
    admin: { disabled: true, config: { persist: false } },
    logging: { logs: { default: { level: "WARN" } } },
    apps: {
      http: {
        servers: {
          logs: {
            listen: [`:${String(logGatewayPorts.pod)}`],
            automatic_https: { disable: true },
            read_header_timeout: "10s",
            idle_timeout: "2m",
            routes: [
              { match: [{ path: [gatewayHealthPath] }], handle: [answer(200)], terminal: true },
              { handle: [credentials(key, tenants)] },
              route("read"),
              route("write"),
              {
                match: [{ vars: { [rightPlaceholder]: ["read", "write"] } }],
                handle: [answer(403)],
                terminal: true,
              },
              { handle: [answer(401, { "WWW-Authenticate": ['Basic realm="logs"'] })] },
            ],
          },
        },
      },
    },
  };
}

/** Says of the credential whose it is and what it is for; of none or a wrong one, nothing. */
function credentials(key: string, tenants: readonly string[]): Record<string, unknown> {
  const one = (tenant: string, right: LogRight): Record<string, unknown> => ({
    input: basicAuthorization(logCredential(key, tenant, right)),
    outputs: [tenant, right],
  });
  return {
    handler: "map",
    source: "{http.request.header.Authorization}",
    destinations: [tenantPlaceholder, rightPlaceholder],
    defaults: ["", ""],
    mappings: [...tenants, platformLogTenant].flatMap((tenant) => [
      one(tenant, "read"),
      one(tenant, "write"),
    ]),
  };
}

function route(right: LogRight): Record<string, unknown> {
  const { methods, paths } = allowed[right];
  const path = `path_of_${right}`;
  return {
    match: [
      {
        vars: { [rightPlaceholder]: [right] },
        method: methods,
        path_regexp: { name: path, pattern: `^(?:${paths.join("|")})$` },
      },
    ],
    handle: [
      // What was looked at goes on, not what was written: Loki may read a path otherwise than Caddy.
      { handler: "rewrite", uri: `{http.regexp.${path}.0}?{http.request.uri.query}` },
      { handler: "request_body", max_size: largestRequest },
      {
        handler: "reverse_proxy",
        upstreams: [{ dial: `${lokiName}.${logsNamespace}.svc.cluster.local:${String(lokiPorts.http)}` }],
        headers: {
          request: { delete: ["Authorization", "Cookie"], set: { "X-Scope-OrgID": [tenantPlaceholder] } },
        },
      },
    ],
    terminal: true,
  };
}

function answer(
  status: number,
  headers: Readonly<Record<string, readonly string[]>> = {},
): Record<string, unknown> {
  return { handler: "static_response", status_code: status, headers };
}

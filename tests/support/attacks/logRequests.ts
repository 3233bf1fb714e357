import type { LogRequest } from "../askFrom";

/** A request by which a tenant tries to get at another's lines, or at Loki itself. */
export interface ForgedRequest extends LogRequest {
  /** What it tries, for the message. */
  readonly what: string;
  /** Whether it has to be refused; else it may be answered, with the tenant's own lines. */
  readonly refused: boolean;
}

/** A tenant's credentials, and whose lines it is after. */
export interface Forger {
  readonly read: string;
  readonly write: string;
  readonly victim: string;
}

/** Every way that a tenant with its own two credentials has to say that it is another, or that it may do more. */
export function forgedRequests({ read, write, victim }: Forger): readonly ForgedRequest[] {
  const query = `/loki/api/v1/query_range?query=${encodeURIComponent('{k8s_namespace_name=~".+"}')}`;
  const push = JSON.stringify({
    streams: [
      { stream: { k8s_pod_name: "blue-writer" }, values: [[`${String(Date.now())}000000`, "forged"]] },
    ],
  });
  const other = (credential: string): string =>
    `Basic ${Buffer.from(`${victim}:${Buffer.from(credential.slice(6), "base64").toString().split(":")[1] ?? ""}`).toString("base64")}`;
  const reading = (
    what: string,
    headers: LogRequest["headers"] = {},
    path = query,
    refused = false,
  ): ForgedRequest => ({ what, path, refused, headers: { Authorization: read, ...headers } });
  const headerNames = ["X-Scope-OrgID", "x-scope-orgid", "X_Scope_OrgID", "X-Scope-Orgid ", "X-Org-ID"];
  const headers = headerNames.flatMap((name) => [
    reading(`the header ${name}`, { [name.trim()]: victim }),
    reading(`the header ${name} with both`, { [name.trim()]: `team-green|${victim}` }),
  ]);
  const paths = [
    `${query}&X-Scope-OrgID=${victim}`,
    query.replace("/loki", "//loki"),
    query.replace("/loki", `/${victim}/loki`),
    query.replace("/loki", "/x/../loki"),
    query.replace("/query_range", "/delete/../query_range"),
    query.replace("query_range", "%71uery_range"),
    query.replace("?", "%00?"),
    query.replace("?", ";?"),
  ];
  const forbidden = [
    "/",
    "/metrics",
    "/config",
    "/ready",
    "/ring",
    "/memberlist",
    "/services",
    "/flush",
    "/log_level",
    "/debug/pprof/heap",
    "/debug/pprof/cmdline",
    "/ingester/shutdown",
    "/ingester/prepare_shutdown",
    "/compactor/ring",
    "/loki/api/v1/delete",
    "/loki/api/v1/rules",
    "/loki/api/v1/status/buildinfo",
    "/loki/api/v1/query_range/../../../../config",
    "/loki/api/v1/labels/..%2f..%2f..%2f..%2fmetrics",
    "/loki/api/v1/label/%2e%2e%2f%2e%2e%2fdelete/values",
    "/api/prom/query",
    "/api/prom/push",
    "/prometheus/api/v1/rules",
    "/ui/api/v1/cluster/nodes",
  ];
  return [
    ...headers,
    reading("the header as a hop's own", { Connection: "X-Scope-OrgID", "X-Scope-OrgID": victim }),
    reading("the header twice", { "X-Scope-OrgID": [victim, "team-green"] }),
    ...paths.map((path) => reading(`the path ${path.split("?")[0] ?? ""}`, {}, path)),
    ...forbidden.map((path) => reading(`the path ${path}`, {}, path, true)),
    ...["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"].map((method) => ({
      ...reading(`the method ${method}`, {}, query, true),
      method,
    })),
    { what: "no credential", path: query, refused: true, headers: { "X-Scope-OrgID": victim } },
    reading("another's name with one's own password", { Authorization: other(read) }, query, true),
    reading(
      "no password",
      { Authorization: `Basic ${Buffer.from(`${victim}:`).toString("base64")}` },
      query,
      true,
    ),
    reading("a credential for writing", { Authorization: write }, query, true),
    reading("a placeholder of the gateway's", { Authorization: "{terp.tenant}" }, query, true),
    reading("two credentials", { Authorization: [read, write] }, query, true),
    {
      what: "lines by a credential for reading",
      path: "/loki/api/v1/push",
      method: "POST",
      refused: true,
      headers: { Authorization: read, "Content-Type": "application/json", "X-Scope-OrgID": victim },
      body: push,
    },
    {
      what: "lines for another",
      path: "/loki/api/v1/push",
      method: "POST",
      refused: false,
      headers: { Authorization: write, "Content-Type": "application/json", "X-Scope-OrgID": victim },
      body: push,
    },
  ];
}

import { strict as assert } from "node:assert";

import { basicAuthorization, logCredential } from "../../../../components/logs/credentials";
import { gatewayConfiguration } from "../../../../components/logs/gatewayConfiguration";
import type { LogRight } from "../../../../components/logs/names";

/** As much of a route as is looked at. */
interface Route {
  readonly match?: readonly {
    readonly vars?: Readonly<Record<string, readonly string[]>>;
    readonly method?: readonly string[];
    readonly path_regexp?: { readonly name: string; readonly pattern: string };
  }[];
  readonly handle: readonly Readonly<Record<string, unknown>>[];
}

interface Mapping {
  readonly input: string;
  readonly outputs: readonly string[];
}

function routes(): readonly Route[] {
  const { apps } = gatewayConfiguration("key", ["team-blue", "team-green"]) as {
    apps: { http: { servers: { logs: { routes: Route[] } } } };
  };
  return apps.http.servers.logs.routes;
}

function mappings(): readonly Mapping[] {
  const map = routes().flatMap(({ handle }) => handle.filter(({ handler }) => handler === "map"))[0];
  return map?.["mappings"] as Mapping[];
}

function routeOf(right: LogRight): Route {
  const found = routes().find(({ match }) => match?.[0]?.path_regexp?.name === `path_of_${right}`);
  assert.ok(found);
  return found;
}

const inputOf = (tenant: string, right: LogRight): string =>
  basicAuthorization(logCredential("key", tenant, right));

describe("the logs' gateway", () => {
  it("knows two credentials of each tenant, and of the platform", () => {
    const known = new Map(mappings().map(({ input, outputs }) => [input, outputs]));
    assert.deepEqual(known.get(inputOf("team-blue", "read")), ["team-blue", "read"]);
    assert.deepEqual(known.get(inputOf("team-green", "write")), ["team-green", "write"]);
    assert.deepEqual(known.get(inputOf("platform", "write")), ["platform", "write"]);
    assert.equal(known.size, 6);
  });

  it("knows nothing of who comes without a credential, or with a wrong one", () => {
    const [map] = routes().flatMap(({ handle }) => handle.filter(({ handler }) => handler === "map"));
    assert.deepEqual(map?.["defaults"], ["", ""]);
  });

  for (const right of ["read", "write"] as const) {
    it(`lets who may ${right} do that alone, as the credential's tenant`, () => {
      const { match, handle } = routeOf(right);
      assert.deepEqual(match?.[0]?.vars, { "{terp.right}": [right] });
      const proxy = handle.find(({ handler }) => handler === "reverse_proxy");
      assert.deepEqual(proxy?.["headers"], {
        request: { delete: ["Authorization", "Cookie"], set: { "X-Scope-OrgID": ["{terp.tenant}"] } },
      });
    });

    it(`hands on the path that it has looked at, to ${right}`, () => {
      const rewrite = routeOf(right).handle.find(({ handler }) => handler === "rewrite");
      assert.equal(rewrite?.["uri"], `{http.regexp.path_of_${right}.0}?{http.request.uri.query}`);
    });
  }

  for (const [right, path, admitted] of [
    ["read", "/loki/api/v1/query_range", true],
    ["read", "/loki/api/v1/label/k8s_pod_name/values", true],
    ["read", "/loki/api/v1/tail", true],
    ["read", "/loki/api/v1/delete", false],
    ["read", "/loki/api/v1/rules", false],
    ["read", "/loki/api/v1/push", false],
    ["read", "/loki/api/v1/query/more", false],
    ["read", "/x/loki/api/v1/query", false],
    ["read", "/loki/api/v1/label/a/b/values", false],
    ["read", "/loki/api/v1/queryX", false],
    ["read", "/config", false],
    ["read", "/metrics", false],
    ["read", "/flush", false],
    ["read", "/ingester/shutdown", false],
    ["write", "/otlp/v1/logs", true],
    ["write", "/loki/api/v1/push", true],
    ["write", "/loki/api/v1/query", false],
    ["write", "/otlp/v1/logs/more", false],
  ] as const) {
    it(`${admitted ? "admits" : "refuses"} ${path} to who may ${right}`, () => {
      const pattern = routeOf(right).match?.[0]?.path_regexp?.pattern ?? "";
      assert.equal(new RegExp(pattern).test(path), admitted);
    });
  }

  it("takes lines by POST alone", () => {
    assert.deepEqual(routeOf("write").match?.[0]?.method, ["POST"]);
    assert.deepEqual(routeOf("read").match?.[0]?.method, ["GET", "POST"]);
  });

  it("can't be told to be another, and writes itself to no disk", () => {
    const { admin } = gatewayConfiguration("key", []);
    assert.deepEqual(admin, { disabled: true, config: { persist: false } });
  });
});

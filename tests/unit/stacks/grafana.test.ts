import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { logAccess } from "../../../components/logs/credentials";
import type { PlatformConfig } from "../../../infra/config";
import { grafanaPlatform } from "../../../stacks/grafana";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { run, waitsFor, type Made } from "../../support/platformRun";
import { resolve } from "../../support/resolve";

const grafana = {
  domain: "platform.example.org",
  identityProvider: ["192.0.2.7/32"],
  groupsPrefix: "oidc:",
} satisfies PlatformConfig["grafana"];
const config = aConfig({
  grafana,
  logs: {
    storage: { kind: "volume", size: 10 },
    retention: { small: 7, medium: 14, large: 30, platform: 14 },
  },
  ingress: {
    kind: "gateway",
    domain: "platform.example.org",
    class: "terp",
    replicas: 1,
    crds: { kind: "installed" },
  },
  oidc: {
    issuer: "https://login.example.org",
    clientId: "kubernetes",
    scopes: ["groups"],
    groups: { runners: "operator", auditors: "viewer", more: "operator" },
    clients: {},
  },
});

describe("the platform's Grafanas", () => {
  aMachine();
  let running: Promise<Made> | undefined;
  const withGrafana = (): Promise<Made> => (running ??= run(config));

  it("aren't there unless the configuration has them", async () => {
    const { record } = await run(aConfig());
    assert.deepEqual(
      record.resources.filter(({ name }) => name.includes("grafana")),
      [],
    );
  });

  it("are the operators' own, and none for a tenant that asks for none", async () => {
    const { record } = await withGrafana();
    const namespaces = record
      .ofType("kubernetes:core/v1:Namespace")
      .map(({ name }) => name)
      .filter((name) => name.includes("grafana"));
    assert.deepEqual(namespaces, ["Namespace/terp-grafana"]);
  });

  it("show the operators the platform's logs and each tenant's", async () => {
    const { record } = await withGrafana();
    const { data } = record.byName("ConfigMap/terp-grafana/grafana").inputs as {
      data: Record<string, string>;
    };
    const { datasources } = parse(data["datasources.yaml"] ?? "") as { datasources: { name: string }[] };
    assert.deepEqual(
      datasources.map(({ name }) => name),
      ["platform", "team-blue"],
    );
  });

  it("have host names right below the domain", async () => {
    const { record } = await withGrafana();
    const { data } = record.byName("ConfigMap/terp-grafana/grafana").inputs as {
      data: Record<string, string>;
    };
    assert.match(data["grafana.ini"] ?? "", /^domain = grafana\.platform\.example\.org$/m);
  });

  it("come after the platform's key and the reserved labels, as all that is in the cluster", async () => {
    const { record } = await withGrafana();
    const awaited = waitsFor(record, record.byName("Namespace/terp-grafana"));
    for (const needed of ["platform", "ValidatingAdmissionPolicyBinding/terp-reserved-labels"])
      assert.ok(awaited.has(needed), needed);
  });
});

describe("what Grafanas are built on", () => {
  const place = {
    podSecurityVersion: "v1.34",
    logs: logAccess(pulumi.output("the key")),
    login: {
      clientId: "grafana",
      clientSecret: pulumi.secret("the client's secret"),
      endpoints: {
        authorization: "https://login.example.org/authorize",
        token: "https://login.example.org/token",
        userInfo: "https://login.example.org/userinfo",
      },
      scopes: ["openid", "groups"],
    },
  };

  it("is the login that the identity provider told of, with the client's secret", async () => {
    const { client } = grafanaPlatform(config, place) ?? assert.fail("no Grafana");
    assert.deepEqual(client?.login, {
      clientId: "grafana",
      authorizationUrl: "https://login.example.org/authorize",
      tokenUrl: "https://login.example.org/token",
      userInfoUrl: "https://login.example.org/userinfo",
      scopes: ["openid", "groups"],
    });
    assert.equal(await resolve(client.secret), "the client's secret");
  });

  it("is the domain, where the identity provider is, and what the API server puts before its groups", () => {
    const { domain, identityProvider, groupsPrefix } =
      grafanaPlatform(config, place) ?? assert.fail("no Grafana");
    assert.deepEqual({ domain, identityProvider, groupsPrefix }, grafana);
  });

  it("is the platform's Gateway, where that has a certificate for the domain", () => {
    const entryOf = (domain: string): unknown =>
      grafanaPlatform({ ...config, grafana: { ...grafana, domain } }, place)?.entry;
    assert.deepEqual(entryOf("platform.example.org"), {
      kind: "gateway",
      gateway: { name: "platform", namespace: "gateway" },
    });
    assert.equal(entryOf("other.example.org"), undefined);
  });

  it("is nothing where the configuration has no Grafana", () => {
    assert.equal(grafanaPlatform({ ...config, grafana: undefined }, place), undefined);
  });
});

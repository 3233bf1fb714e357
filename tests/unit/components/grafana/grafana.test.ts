import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { grafanaForOperators } from "../../../../components/grafana/forOperators";
import { grafanaForTenant } from "../../../../components/grafana/forTenant";
import { Grafana, type GrafanaArgs } from "../../../../components/grafana/grafana";
import type { GrafanaPlatform } from "../../../../components/grafana/platform";
import { aGrafanaPlatform, blue, someGroups } from "../../../support/aGrafanaPlatform";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const generated = `${"p".repeat(40)}${"k".repeat(40)}`;

function make(args: GrafanaArgs, secrets = generated): { record: Recorder; grafana: Grafana } {
  const record = recorder({
    outputs: ({ type }) => (type.startsWith("random:") ? { result: secrets } : {}),
  });
  return { record, grafana: new Grafana("grafana", args) };
}

async function afterMaking(
  args: (platform: GrafanaPlatform) => GrafanaArgs = (platform) =>
    grafanaForTenant(platform, blue, someGroups),
  changes: Partial<GrafanaPlatform> = {},
  secrets?: string,
): Promise<Recorder> {
  const { record } = make(args(aGrafanaPlatform(changes)), secrets);
  await record.settled();
  return record;
}

const namespace = "terp-grafana-team-blue";
const secret = `Secret/${namespace}/grafana`;
const deployment = `Deployment/${namespace}/grafana`;
const inCluster = ({ resources }: Recorder): Recorder["resources"] =>
  resources.filter(({ type }) => type.startsWith("kubernetes:"));

describe("a tenant's Grafana", () => {
  it("is a namespace with one Deployment, and what that needs", async () => {
    const { resources } = await afterMaking();
    const parts = resources.filter(({ name }) => name !== "grafana");
    assert.deepEqual(
      parts.map(({ name }) => name).sort(),
      [
        `Namespace/${namespace}`,
        `${namespace}-secrets`,
        `ConfigMap/${namespace}/grafana`,
        secret,
        `NetworkPolicy/${namespace}/grafana`,
        `Role/${namespace}/grafana`,
        `RoleBinding/${namespace}/grafana`,
        `Service/${namespace}/grafana`,
        deployment,
        `HTTPRoute/${namespace}/grafana`,
      ].sort(),
    );
    assert.ok(parts.every(({ parent }) => parent === "grafana"));
  });

  it("is the platform's and about the tenant, by its labels, so that no policy takes its namespace for the tenant's", async () => {
    for (const { name, inputs } of inCluster(await afterMaking())) {
      const { labels } = inputs.metadata;
      const found = ["environment", "role", "tenant"].map((key) => labels[`terp.dev/${key}`]);
      assert.deepEqual(found, ["dev", "platform", "team-blue"], name);
    }
  });

  it("has pods of the restricted profile alone, that may read logs", async () => {
    const { labels } = (await afterMaking()).byName(`Namespace/${namespace}`).inputs.metadata;
    assert.deepEqual(
      [labels["pod-security.kubernetes.io/enforce"], labels["logs.terp.dev/reads"]],
      ["restricted", "true"],
    );
  });

  it("has its secrets in one Secret, and secret in the state", async () => {
    const record = await afterMaking();
    const { stringData } = record.byName(secret).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      password: "p".repeat(40),
      key: "k".repeat(40),
      "client-secret": "the client's secret",
      "logs-username": "team-blue",
      "logs-password": "team-blue's password to read",
    });
  });

  it("has its secrets in no other object", async () => {
    const { resources } = await afterMaking();
    const others = JSON.stringify(resources.filter(({ name }) => name !== secret));
    const secrets = ["p".repeat(40), "k".repeat(40), "client's secret", "password to"];
    assert.deepEqual(
      secrets.filter((each) => others.includes(each)),
      [],
    );
  });

  it("has every file that its pod mounts", async () => {
    const { client } = aGrafanaPlatform();
    assert.ok(client);
    const login = { ...client.login, authority: "the provider's authority" };
    const record = await afterMaking(undefined, { client: { ...client, login } });
    const settings = record.byName(`ConfigMap/${namespace}/grafana`).inputs.data as Record<string, string>;
    const { volumes } = record.byName(deployment).inputs.spec.template.spec;
    const mounted = volumes.flatMap(({ configMap }: any) =>
      (configMap?.items ?? []).map(({ key }: any) => key),
    );
    assert.deepEqual(Object.keys(settings).sort(), mounted.sort());
    assert.equal(settings["login-ca.pem"], "the provider's authority");
  });

  it("starts anew with another setting or secret, and with nothing else", async () => {
    const digest = async (changes: Partial<GrafanaPlatform> = {}, secrets?: string): Promise<string> =>
      (await afterMaking(undefined, changes, secrets)).byName(deployment).inputs.spec.template.metadata
        .annotations["terp.dev/settings"];
    const first = await digest();
    assert.equal(await digest(), first);
    assert.notEqual(await digest({}, "x".repeat(80)), first);
    assert.notEqual(await digest({ domain: "other.example.org" }), first);
  });

  it("is one at a time: two would have two databases", async () => {
    const { spec } = (await afterMaking()).byName(deployment).inputs;
    assert.deepEqual([spec.replicas, spec.strategy], [1, { type: "Recreate" }]);
  });

  it("doesn't start before its network is closed", async () => {
    const { dependsOn } = (await afterMaking()).byName(deployment);
    assert.ok(dependsOn.includes(`NetworkPolicy/${namespace}/grafana`));
  });

  it("holds up no run: one that doesn't start is one tenant's trouble", async () => {
    const record = await afterMaking();
    for (const name of [deployment, `Service/${namespace}/grafana`])
      assert.equal(record.byName(name).inputs.metadata.annotations["pulumi.com/skipAwait"], "true", name);
  });

  it("is reached by its host name, through the platform's Gateway", async () => {
    const { spec } = (await afterMaking()).byName(`HTTPRoute/${namespace}/grafana`).inputs;
    assert.deepEqual(spec, {
      parentRefs: [{ name: "platform", namespace: "gateway" }],
      hostnames: ["grafana-team-blue.platform.example.org"],
      rules: [{ backendRefs: [{ name: "grafana", port: 80 }] }],
    });
  });

  it("is reached through an Ingress with a certificate, where that brings requests in", async () => {
    const entry = { kind: "ingress", class: "nginx", issuer: "letsencrypt" } as const;
    const { metadata, spec } = (await afterMaking(undefined, { entry })).byName(
      `Ingress/${namespace}/grafana`,
    ).inputs;
    assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], "letsencrypt");
    assert.equal(spec.ingressClassName, "nginx");
    assert.deepEqual(spec.tls, [
      { hosts: ["grafana-team-blue.platform.example.org"], secretName: "grafana-tls" },
    ]);
    assert.deepEqual(spec.rules, [
      {
        host: "grafana-team-blue.platform.example.org",
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: "grafana", port: { number: 80 } } },
            },
          ],
        },
      },
    ]);
  });

  it("lets the tenant write two objects by name and start it anew, and read none of its secrets", async () => {
    const record = await afterMaking();
    const { rules } = record.byName(`Role/${namespace}/grafana`).inputs;
    const verbs = ["get", "create", "update", "patch", "delete"];
    assert.deepEqual(rules, [
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["grafana-dashboards"], verbs },
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["grafana-alerts"], verbs },
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "delete"] },
    ]);
    assert.deepEqual(record.byName(`RoleBinding/${namespace}/grafana`).inputs.subjects, blue.writers);
  });

  it("goes when it isn't wanted: nothing of it refuses", async () => {
    const { resources } = await afterMaking();
    assert.deepEqual(
      resources.filter(({ protect }) => protect).map(({ name }) => name),
      [],
    );
  });

  it("gives an address, and a password that is secret", async () => {
    const { grafana } = make(grafanaForTenant(aGrafanaPlatform(), blue, someGroups));
    assert.equal(grafana.url, "https://grafana-team-blue.platform.example.org");
    assert.equal(await resolve(grafana.password), "p".repeat(40));
    assert.equal(await pulumi.isSecret(grafana.password), true);
  });

  it("has an administrator alone where there is no identity provider", async () => {
    const record = await afterMaking(undefined, { client: undefined });
    const files = Object.keys(record.plain(record.byName(secret).inputs.stringData) as object);
    assert.deepEqual(files.sort(), ["key", "logs-password", "logs-username", "password"]);
  });
});

describe("the operators' Grafana", () => {
  const operators = (platform: GrafanaPlatform): GrafanaArgs =>
    grafanaForOperators(platform, ["team-blue", "team-red"], someGroups);

  it("is the platform's own, and no tenant writes in its namespace", async () => {
    const record = await afterMaking(operators);
    for (const { name, inputs } of inCluster(record)) {
      assert.ok(name.includes("terp-grafana"), name);
      assert.equal(inputs.metadata.labels["terp.dev/tenant"], undefined, name);
    }
    assert.deepEqual(
      inCluster(record).filter(({ type }) => type.includes("rbac")),
      [],
    );
  });

  it("has each tenant's own credential", async () => {
    const record = await afterMaking(operators);
    const files = record.plain(record.byName("Secret/terp-grafana/grafana").inputs.stringData) as Record<
      string,
      string
    >;
    assert.deepEqual(
      Object.entries(files).filter(([name]) => name.endsWith("-password")),
      ["platform", "team-blue", "team-red"].map((tenant) => [
        `logs-${tenant}-password`,
        `${tenant}'s password to read`,
      ]),
    );
  });

  it("has a host name that no tenant can have", async () => {
    const record = await afterMaking(operators);
    assert.deepEqual(record.byName("HTTPRoute/terp-grafana/grafana").inputs.spec.hostnames, [
      "grafana.platform.example.org",
    ]);
  });
});

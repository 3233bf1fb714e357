import { strict as assert } from "node:assert";
import { parse } from "yaml";

import { grafanaFaults, grafanaGroups, grafanaPlatformFaults } from "../../../../components/tenant/grafana";
import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { aGrafanaPlatform } from "../../../support/aGrafanaPlatform";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { iniSettings } from "../../../support/iniSettings";
import { recorder, type Recorder } from "../../../support/recorder";

const namespace = "terp-grafana-team-blue";
const people = { owners: ["leads"], developers: ["devs"] };

async function afterMaking(changes: Partial<TenantArgs> = {}): Promise<Recorder> {
  const record = recorder({
    outputs: (resource) =>
      resource.type.startsWith("random:") ? { result: "r".repeat(80) } : dynamicOutputs(resource),
  });
  const platform = aTenantPlatform({ grafana: aGrafanaPlatform() });
  new TenantComponent("team-blue", { platform, namespaces: ["app"], people, ...changes });
  await record.settled();
  return record;
}

/** The files in its ConfigMap. */
function settingsOf(record: Recorder): Record<string, string> {
  return record.byName(`ConfigMap/${namespace}/grafana`).inputs.data as Record<string, string>;
}

/** Logical names of what a tenant has in its Grafana's namespace. */
function ofGrafana({ resources }: Recorder): string[] {
  return resources.map(({ name }) => name).filter((name) => name.includes(namespace));
}

describe("a tenant's own Grafana", () => {
  it("isn't there unless it is asked for", async () => {
    assert.deepEqual(ofGrafana(await afterMaking()), []);
    assert.deepEqual(ofGrafana(await afterMaking({ grafana: false })), []);
  });

  it("is a part of the tenant, and adds ten resources to it", async () => {
    const before = (await afterMaking()).resources.length;
    const record = await afterMaking({ grafana: true });
    assert.equal(record.byName("Grafana/team-blue").parent, "team-blue");
    // The component itself is the eleventh.
    assert.equal(record.resources.length - before, 11);
    assert.equal(ofGrafana(record).length, 10);
  });

  it("is away while the tenant is suspended: nothing in it is lost", async () => {
    assert.deepEqual(ofGrafana(await afterMaking({ grafana: true, suspended: true })), []);
  });

  it("lets its people in, each as what they are in its namespaces", async () => {
    const record = await afterMaking({ grafana: true });
    assert.equal(
      iniSettings(settingsOf(record)["grafana.ini"] ?? "").get("auth.generic_oauth.role_attribute_path"),
      "(contains(groups[*], 'leads')) && 'Admin' || (contains(groups[*], 'devs')) && 'Editor'",
    );
  });

  it("shows its own logs alone", async () => {
    const record = await afterMaking({ grafana: true });
    const { stringData } = record.byName(`Secret/${namespace}/grafana`).inputs;
    const { datasources } = parse(settingsOf(record)["datasources.yaml"] ?? "") as {
      datasources: { uid: string }[];
    };
    assert.deepEqual(
      datasources.map(({ uid }) => uid),
      ["logs"],
    );
    const secrets = record.plain(stringData) as Record<string, string>;
    assert.equal(secrets["logs-password"], "team-blue's password to read");
  });

  it("is filled by its repository and its owners", async () => {
    const record = await afterMaking({ grafana: true });
    assert.deepEqual(record.byName(`RoleBinding/${namespace}/grafana`).inputs.subjects, [
      { kind: "ServiceAccount", name: "reconciler", namespace: "terp-tenant-team-blue" },
      { kind: "Group", name: "leads", apiGroup: "rbac.authorization.k8s.io" },
    ]);
  });

  it("tells the team of ten lines with errors, unless it says how many", async () => {
    const threshold = async (errors?: number): Promise<unknown> => {
      const alerts = { kind: "slack", ranges: ["198.51.100.0/24"], ...(errors && { errors }) } as const;
      const record = await afterMaking({ grafana: { alerts } });
      const { groups } = parse(settingsOf(record)["rules.yaml"] ?? "");
      return groups[0].rules[0].data[1].model.conditions[0].evaluator.params;
    };
    assert.deepEqual([await threshold(), await threshold(50)], [[10], [50]]);
  });

  it("reaches its channel beside what each reaches", async () => {
    const alerts = { kind: "slack", ranges: ["198.51.100.0/24"] } as const;
    const record = await afterMaking({ grafana: { alerts } });
    const { egress } = record.byName(`NetworkPolicy/${namespace}/grafana`).inputs.spec;
    assert.deepEqual(egress.at(-1).to, [
      { ipBlock: { cidr: "192.0.2.7/32" } },
      { ipBlock: { cidr: "198.51.100.0/24" } },
    ]);
  });
});

describe("who may log in to a tenant's Grafana", () => {
  it("is called as the identity provider calls them, not as the API server does", () => {
    const request = { grafana: true, people: { owners: ["oidc:leads"], viewers: ["others:all"] } };
    assert.deepEqual(grafanaGroups(request, "oidc:"), {
      admins: ["leads"],
      editors: [],
      viewers: ["others:all"],
    });
  });

  it("is who is named for it, in the place of all its people", () => {
    assert.deepEqual(grafanaGroups({ grafana: { groups: { editors: ["writers"] } }, people }, ""), {
      admins: [],
      editors: ["writers"],
      viewers: [],
    });
  });
});

describe("what is wrong with what is asked for a tenant's Grafana", () => {
  it("is a group that can't stand in Grafana's settings", () => {
    assert.deepEqual(grafanaFaults("grafana", { grafana: { groups: { viewers: ["all", "a'b"] } } }), [
      {
        path: "grafana.groups.viewers[1]",
        given: '"a\'b"',
        expected: "a group's name of letters, digits, spaces inside, and the signs _ . : @ / = , + ( ) & -",
        remedy: "give the group another name at the identity provider, or name it by its id",
      },
    ]);
  });

  it("is a channel that is nowhere", () => {
    assert.deepEqual(grafanaFaults("grafana", { grafana: { alerts: { kind: "slack", ranges: [] } } }), [
      {
        path: "grafana.alerts.ranges",
        given: "none",
        expected: "where the channel is",
        remedy: 'write for example ["192.0.2.0/24"]',
      },
    ]);
  });

  it("is a channel where clouds hand out credentials", () => {
    const alerts = { kind: "webhook", ranges: ["169.254.169.254/32"] } as const;
    assert.deepEqual(
      grafanaFaults("grafana", { grafana: { alerts } }).map(({ path, expected }) => [path, expected]),
      [
        [
          "grafana.alerts.ranges[0]",
          "a range without 169.254.0.0/16, which is where clouds hand out a machine's credentials",
        ],
      ],
    );
  });

  for (const errors of [0, -1, 1.5, Number.NaN]) {
    it(`is ${String(errors)} errors as too many`, () => {
      const alerts = { kind: "slack", ranges: ["192.0.2.0/24"], errors } as const;
      assert.deepEqual(grafanaFaults("grafana", { grafana: { alerts } }), [
        {
          path: "grafana.alerts.errors",
          given: String(errors),
          expected: "a whole number of lines, at least 1",
          remedy: "write for example 10",
        },
      ]);
    });
  }

  it("is that the platform has none", () => {
    assert.deepEqual(grafanaPlatformFaults("grafana", { grafana: true, people }, "dev", undefined), [
      {
        path: "grafana",
        given: "a Grafana",
        expected: "a platform with Grafana: the section grafana of its configuration",
        remedy: "type: pulumi config set --stack dev --path 'terp:grafana.domain' platform.example.org",
      },
    ]);
  });

  it("is that nobody could log in", () => {
    const platform = aGrafanaPlatform();
    assert.deepEqual(grafanaPlatformFaults("grafana", { grafana: true }, "dev", platform), [
      {
        path: "grafana",
        given: "nobody",
        expected: "at least one group that may log in",
        remedy: 'name one, as in people: { developers: ["team-blue"] }',
      },
    ]);
  });

  it("is a group of its people that can't stand in Grafana's settings", () => {
    const platform = aGrafanaPlatform();
    const request = { grafana: true, people: { owners: ["a`b"] } };
    assert.deepEqual(
      grafanaPlatformFaults("grafana", request, "dev", platform).map(({ path, given }) => [path, given]),
      [["people", '"a`b"']],
    );
  });

  it("is nothing where it isn't asked for, or where an administrator is all there is", () => {
    assert.deepEqual(grafanaPlatformFaults("grafana", {}, "dev", undefined), []);
    const alone = aGrafanaPlatform({ client: undefined });
    assert.deepEqual(grafanaPlatformFaults("grafana", { grafana: true }, "dev", alone), []);
  });

  it("stops the tenant before any resource is made", async () => {
    const record = recorder();
    const platform = aTenantPlatform({ grafana: aGrafanaPlatform() });
    const grafana = { alerts: { kind: "slack", ranges: [] } } as const;
    assert.throws(
      () => new TenantComponent("team-blue", { platform, namespaces: ["app"], people, grafana }),
      /^Error: tenant "team-blue":\ngrafana\.alerts\.ranges\n/,
    );
    await record.settled();
    assert.deepEqual(record.resources, []);
  });
});

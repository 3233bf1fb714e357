import { strict as assert } from "node:assert";

import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";

const control = "terp-tenant-team-blue";
const everyone = {
  owners: ["leads"],
  developers: ["devs", "juniors"],
  viewers: ["all"],
  robots: ["delivery", "backup"],
};

async function afterMaking(changes: Partial<TenantArgs> = {}): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent("team-blue", { platform: aTenantPlatform(), namespaces: ["app"], ...changes });
  await record.settled();
  return record;
}

/** Logical names of what a tenant has more by a change. */
async function more(changes: Partial<TenantArgs>): Promise<string[]> {
  const before = (await afterMaking()).resources.map(({ name }) => name);
  const after = (await afterMaking(changes)).resources.map(({ name }) => name);
  return after.filter((name) => !before.includes(name)).sort();
}

describe("a tenant's people", () => {
  it("are one binding in each of its namespaces for each list, one to follow their pushes, and an account for each robot", async () => {
    assert.deepEqual(await more({ people: everyone }), [
      "RoleBinding/team-blue-app/terp-developer",
      "RoleBinding/team-blue-app/terp-owner",
      "RoleBinding/team-blue-app/terp-robot",
      "RoleBinding/team-blue-app/terp-viewer",
      `RoleBinding/${control}/terp-follower`,
      `ServiceAccount/${control}/robot-backup`,
      `ServiceAccount/${control}/robot-delivery`,
    ]);
  });

  it("are bound in every namespace of its", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"], people: { developers: ["devs"] } });
    for (const name of ["team-blue-app", "team-blue-web"]) {
      const { metadata, roleRef, subjects } = record.byName(`RoleBinding/${name}/terp-developer`).inputs;
      assert.deepEqual([metadata.name, metadata.namespace], ["terp-developer", name]);
      assert.deepEqual(roleRef, {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "terp-developer",
      });
      assert.deepEqual(subjects, [{ kind: "Group", name: "devs", apiGroup: "rbac.authorization.k8s.io" }]);
    }
  });

  it("follow what becomes of their pushes, all of them alike", async () => {
    const record = await afterMaking({ people: everyone });
    const { roleRef, subjects } = record.byName(`RoleBinding/${control}/terp-follower`).inputs;
    assert.deepEqual(roleRef, {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "terp-follower",
    });
    assert.deepEqual(
      (subjects as { name: string }[]).map(({ name }) => name),
      ["leads", "devs", "juniors", "all", "robot-delivery", "robot-backup"],
    );
  });

  it("are bound to nothing else: not where its keys are, and not in all of the cluster", async () => {
    const record = await afterMaking({ people: everyone });
    const bindings = record.resources.filter(
      ({ type, name }) => type.endsWith("RoleBinding") && !name.endsWith("/terp-follower"),
    );
    assert.deepEqual(
      [...new Set(bindings.map(({ type, inputs }) => `${type} ${String(inputs.metadata.namespace)}`))],
      ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding team-blue-app"],
    );
  });

  it("can be given and withdrawn at any time: neither binding nor account is protected", async () => {
    const record = await afterMaking({ people: everyone });
    for (const name of await more({ people: everyone }))
      assert.equal(record.byName(name).protect, false, name);
  });

  it("keep their rights while something protected would refuse to go: what applies waits for them", async () => {
    const record = await afterMaking({ people: everyone });
    const awaited = record.byName(`Kustomization/${control}/apps`).dependsOn;
    assert.deepEqual(
      (await more({ people: everyone })).filter((name) => !awaited.includes(name)),
      [],
    );
  });
});

describe("a tenant's robot", () => {
  it("is an account in the control namespace, whose token nobody mounts", async () => {
    const record = await afterMaking({ people: { robots: ["delivery"] } });
    const { metadata, automountServiceAccountToken } = record.byName(
      `ServiceAccount/${control}/robot-delivery`,
    ).inputs;
    assert.deepEqual([metadata.name, metadata.namespace], ["robot-delivery", control]);
    assert.equal(metadata.labels["terp.dev/tenant"], "team-blue");
    assert.equal(automountServiceAccountToken, false);
  });

  it("is what the namespaces' binding names", async () => {
    const record = await afterMaking({ people: { robots: ["delivery"] } });
    const { name, namespace } = record.byName(`ServiceAccount/${control}/robot-delivery`).inputs.metadata;
    assert.deepEqual(record.byName("RoleBinding/team-blue-app/terp-robot").inputs.subjects, [
      { kind: "ServiceAccount", name, namespace },
    ]);
  });

  it("isn't there before the namespace that it is in", async () => {
    const record = await afterMaking({ people: { robots: ["delivery"] } });
    assert.deepEqual(record.byName(`ServiceAccount/${control}/robot-delivery`).dependsOn, [
      `Namespace/${control}`,
    ]);
  });
});

describe("what a tenant reaches and claims", () => {
  const claims = {
    reaches: ["team-red"],
    ranges: ["192.0.2.0/24", "198.51.100.0/24"],
    domains: ["blue.example.org"],
    sources: ["https://github.com/team-blue/"],
    images: ["ghcr.io/team-blue/"],
  };

  it("makes no resource more, but the account that what it has of its own is applied by where it has sources", async () => {
    assert.deepEqual(await more({ ...claims, sources: [] }), []);
    assert.deepEqual(await more(claims), ["ServiceAccount/team-blue-app/reconciler"]);
  });

  it("stands in annotations of each of its namespaces, by which admission judges", async () => {
    const record = await afterMaking({ ...claims, namespaces: ["app", "web"] });
    for (const name of ["team-blue-app", "team-blue-web"]) {
      const { annotations } = record.byName(`Namespace/${name}`).inputs.metadata;
      assert.deepEqual(annotations, {
        "pulumi.com/patchFieldManager": "terp",
        "terp.dev/domains": "blue.example.org",
        "terp.dev/sources": "https://github.com/team-blue/",
        "terp.dev/images": "ghcr.io/team-blue/",
        "terp.dev/ranges": "192.0.2.0/24,198.51.100.0/24",
      });
    }
  });

  it("lets each of its namespaces in where it reaches to, and not its control namespace", async () => {
    const record = await afterMaking({ ...claims, namespaces: ["app", "web"] });
    const labelOf = (name: string): unknown =>
      record.byName(`Namespace/${name}`).inputs.metadata.labels["reaches.terp.dev/team-red"];
    assert.deepEqual(["team-blue-app", "team-blue-web", control].map(labelOf), ["true", "true", undefined]);
  });

  it("opens the network policy of each of its namespaces to that alone", async () => {
    const record = await afterMaking({ ...claims, namespaces: ["app", "web"] });
    for (const name of ["team-blue-app", "team-blue-web"]) {
      const [, { to }] = record.byName(`NetworkPolicy/${name}/terp`).inputs.spec.egress;
      assert.deepEqual(to.slice(2), [
        { namespaceSelector: { matchLabels: { "terp.dev/tenant": "team-red" } } },
        { ipBlock: { cidr: "192.0.2.0/24" } },
        { ipBlock: { cidr: "198.51.100.0/24" } },
      ]);
    }
  });
});

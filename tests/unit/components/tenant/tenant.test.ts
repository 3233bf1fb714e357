import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import * as kubernetes from "@pulumi/kubernetes";

import { limitsOf, quotaOf, sizes } from "../../../../components/tenant/sizes";
import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { tenantNetworkPolicy } from "../../../../components/tenant/networkPolicy";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const control = "terp-tenant-team-blue";

/** Everything that one tenant asks of the engine. */
async function afterMaking(changes: Partial<TenantArgs> = {}, name = "team-blue"): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent(name, { platform: aTenantPlatform(), namespaces: ["app"], ...changes });
  await record.settled();
  return record;
}

/** Logical names of what a tenant with one namespace consists of, beside the component itself. */
const parts = [
  `Namespace/${control}`,
  "TenantKey/team-blue",
  "Namespace/team-blue-app",
  "ResourceQuota/team-blue-app/terp",
  "LimitRange/team-blue-app/terp",
  "NetworkPolicy/team-blue-app/terp",
  "RoleBinding/team-blue-app/terp-tenant",
  "Repository/team-blue/apps",
  `ServiceAccount/${control}/reconciler`,
  `Secret/${control}/git-access`,
  `GitRepository/${control}/apps`,
  `Secret/${control}/webhook-token`,
  `Receiver/${control}/apps`,
  `Kustomization/${control}/apps`,
];

const restricted = ["enforce", "audit", "warn"].flatMap((mode) => [
  [`pod-security.kubernetes.io/${mode}`, "restricted"],
  [`pod-security.kubernetes.io/${mode}-version`, "v1.34"],
]);

function ownLabels(role: string): Record<string, string> {
  return {
    "app.kubernetes.io/managed-by": "terp",
    "terp.dev/environment": "dev",
    "terp.dev/role": role,
    "terp.dev/tenant": "team-blue",
  };
}

describe("a tenant", () => {
  it("with one namespace is fourteen resources, and no more", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.resources.map(({ name }) => name).sort(), ["team-blue", ...parts].sort());
  });

  it("with another namespace has five resources more", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    const more = [
      "Namespace/team-blue-web",
      "ResourceQuota/team-blue-web/terp",
      "LimitRange/team-blue-web/terp",
      "NetworkPolicy/team-blue-web/terp",
      "RoleBinding/team-blue-web/terp-tenant",
    ];
    assert.deepEqual(
      record.resources.map(({ name }) => name).sort(),
      ["team-blue", ...parts, ...more].sort(),
    );
  });

  it("is the parent of all that it consists of", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    const others = record.resources.filter(
      ({ name, parent }) => name !== "team-blue" && parent !== "team-blue",
    );
    assert.deepEqual(others, []);
  });

  it("has its owner's labels and the fixed field manager on every object", async () => {
    const record = await afterMaking();
    for (const { name, inputs } of record.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
      const isControl = (inputs.metadata.namespace ?? inputs.metadata.name) === control;
      const found = Object.entries(inputs.metadata.labels as object).filter(
        ([label]) => !label.startsWith("pod-security."),
      );
      assert.deepEqual(Object.fromEntries(found), ownLabels(isControl ? "control" : "tenant"), name);
      assert.deepEqual(inputs.metadata.annotations, { "pulumi.com/patchFieldManager": "terp" }, name);
    }
  });

  it("has pods of the restricted profile alone, in each namespace of its", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    for (const name of [control, "team-blue-app", "team-blue-web"]) {
      const labels = record.byName(`Namespace/${name}`).inputs.metadata.labels as object;
      const found = Object.entries(labels).filter(([label]) => label.startsWith("pod-security."));
      assert.deepEqual(Object.fromEntries(found), Object.fromEntries(restricted), name);
    }
  });

  it("gives its name, its namespaces, its recipient and its repository's address", async () => {
    recorder({ outputs: dynamicOutputs });
    const tenant = new TenantComponent("team-blue", {
      platform: aTenantPlatform(),
      namespaces: ["app", "web"],
    });
    assert.equal(tenant.tenant, "team-blue");
    assert.deepEqual(tenant.namespaces, ["team-blue-app", "team-blue-web"]);
    assert.equal(await resolve(tenant.recipient), "age1 of TenantKey/team-blue");
    assert.equal(await resolve(tenant.repositoryUrl), "http://10.0.0.2:30080/team-blue/apps");
  });

  it("shows its repository's address, though the Git host's password stands beside it", async () => {
    recorder({ outputs: dynamicOutputs });
    const access = pulumi.secret({ url: "http://10.0.0.2:30080", username: "terp", password: "hidden" });
    const platform = aTenantPlatform({ access });
    const tenant = new TenantComponent("team-blue", { platform, namespaces: ["app"] });
    assert.equal(await pulumi.isSecret(tenant.repositoryUrl), false);
    assert.equal(await pulumi.isSecret(tenant.recipient), false);
  });
});

describe("a tenant's namespace", () => {
  it("has the size's quota and limits, of the size small unless told otherwise", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName("ResourceQuota/team-blue-app/terp").inputs.spec, {
      hard: quotaOf(sizes.small),
    });
    assert.deepEqual(record.byName("LimitRange/team-blue-app/terp").inputs.spec, {
      limits: limitsOf(sizes.small),
    });
  });

  it("has the quota and limits of the size that it is given", async () => {
    const record = await afterMaking({ size: "large", namespaces: ["app", "web"] });
    for (const name of ["team-blue-app", "team-blue-web"]) {
      const quota = record.byName(`ResourceQuota/${name}/terp`).inputs.spec;
      const limits = record.byName(`LimitRange/${name}/terp`).inputs.spec;
      assert.deepEqual([quota, limits], [{ hard: quotaOf(sizes.large) }, { limits: limitsOf(sizes.large) }]);
    }
  });

  it("is closed by the tenant's network policy", async () => {
    const record = await afterMaking();
    const { metadata, spec } = record.byName("NetworkPolicy/team-blue-app/terp").inputs;
    assert.equal(metadata.namespace, "team-blue-app");
    assert.deepEqual(spec, tenantNetworkPolicy("team-blue"));
  });

  it("admits the reconciler of this tenant alone, and as whom Flux applies what the tenant adds there, with the tenants' role", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    for (const name of ["team-blue-app", "team-blue-web"]) {
      const { metadata, roleRef, subjects } = record.byName(`RoleBinding/${name}/terp-tenant`).inputs;
      assert.equal(metadata.namespace, name);
      assert.deepEqual(roleRef, {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "terp-tenant",
      });
      assert.deepEqual(subjects, [
        { kind: "ServiceAccount", name: "reconciler", namespace: control },
        { kind: "ServiceAccount", name: "reconciler", namespace: name },
      ]);
    }
  });

  it("is where the tenant's rights end: nothing is bound in its control namespace, or in all of the cluster", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    const bindings = record.resources.filter(({ type }) => /RoleBinding$/.test(type));
    assert.deepEqual(
      bindings.map(({ type, inputs }) => [type, inputs.metadata.namespace as string]),
      ["team-blue-app", "team-blue-web"].map((name) => [
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        name,
      ]),
    );
  });
});

describe("the order in which a tenant is made", () => {
  /** A resource that stands for what the services give. */
  function aService(): pulumi.Resource {
    return new kubernetes.core.v1.ConfigMap("service", {});
  }

  it("begins when the services are there", async () => {
    const record = recorder({ outputs: dynamicOutputs });
    const platform = aTenantPlatform({ ready: [aService()] });
    new TenantComponent("team-blue", { platform, namespaces: ["app"] });
    await record.settled();
    for (const name of [control, "team-blue-app"])
      assert.deepEqual(record.byName(`Namespace/${name}`).dependsOn, ["service"], name);
  });

  it("has each namespace before what is in it", async () => {
    const record = await afterMaking();
    for (const { name, inputs, dependsOn } of record.resources) {
      const namespace = inputs.metadata?.namespace as string | undefined;
      // These three wait for something else in there.
      if (namespace === undefined || /^(GitRepository|Kustomization|Receiver)\//.test(name)) continue;
      assert.ok(dependsOn.includes(`Namespace/${namespace}`), name);
    }
  });

  it("has the control namespace before the key: Flux would fail to apply it, and everybody else's with it", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName("TenantKey/team-blue").dependsOn, [`Namespace/${control}`]);
  });

  it("has the repository once its files can name the tenant's recipient", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName("Repository/team-blue/apps").dependsOn, ["TenantKey/team-blue"]);
  });

  it("has the source once its credential is there", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName(`GitRepository/${control}/apps`).dependsOn, [
      `Secret/${control}/git-access`,
    ]);
    assert.ok(record.byName(`Secret/${control}/git-access`).dependsOn.includes("Repository/team-blue/apps"));
  });

  it("has what hears of pushes once its token is there, which comes with the repository", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName(`Receiver/${control}/apps`).dependsOn, [
      `Secret/${control}/webhook-token`,
    ]);
    assert.ok(
      record.byName(`Secret/${control}/webhook-token`).dependsOn.includes("Repository/team-blue/apps"),
    );
  });

  it("ends with what applies, when every namespace is bounded and closed", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    assert.deepEqual(
      [...record.byName(`Kustomization/${control}/apps`).dependsOn].sort(),
      [
        `GitRepository/${control}/apps`,
        `Receiver/${control}/apps`,
        `ServiceAccount/${control}/reconciler`,
        ...["team-blue-app", "team-blue-web"].flatMap((name) => [
          `ResourceQuota/${name}/terp`,
          `LimitRange/${name}/terp`,
          `NetworkPolicy/${name}/terp`,
          `RoleBinding/${name}/terp-tenant`,
        ]),
      ].sort(),
    );
  });
});

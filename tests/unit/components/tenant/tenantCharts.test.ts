import { strict as assert } from "node:assert";

import { chartControllerNetwork, chartControllerRules } from "../../../../components/flux/chartController";
import { tenantRules } from "../../../../components/tenant/roles";
import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { TenantRoles } from "../../../../components/tenant/tenantRoles";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { waitsFor } from "../../../support/platformRun";
import { recorder, type Recorder } from "../../../support/recorder";
import { allows, type Action } from "../../../support/rights";

const control = "terp-tenant-team-blue";
const chartsImage = "helm-controller:1";

async function afterMaking(changes: Partial<TenantArgs> = {}): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent("team-blue", {
    platform: aTenantPlatform({ chartsImage }),
    namespaces: ["app", "web"],
    charts: true,
    ...changes,
  });
  await record.settled();
  return record;
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: unknown;
}

/** The containers of the tenant's helm-controller. */
async function containers(): Promise<readonly Container[]> {
  const record = await afterMaking();
  const deployment = record.byName(`Deployment/${control}/helm-controller`);
  return deployment.inputs.spec.template.spec.containers as readonly Container[];
}

describe("a tenant with charts", () => {
  const more = [
    `ServiceAccount/${control}/helm-controller`,
    `NetworkPolicy/${control}/helm-controller`,
    `Deployment/${control}/helm-controller`,
    ...["app", "web"].flatMap((namespace) => [
      `RoleBinding/team-blue-${namespace}/terp-helm-controller`,
      `ServiceAccount/team-blue-${namespace}/reconciler`,
      `Secret/team-blue-${namespace}/repository-access`,
    ]),
  ];

  it("has three resources more, and three in each namespace", async () => {
    const without = (await afterMaking({ charts: false })).resources.map(({ name }) => name);
    const names = (await afterMaking()).resources.map(({ name }) => name);
    assert.deepEqual(names.sort(), [...without, ...more].sort());
  });

  it("has a controller for each namespace, which watches that alone", async () => {
    const watched = (await containers()).map(({ args, env, image }) => [
      image,
      args.includes("--watch-all-namespaces=false"),
      env.find(({ name }) => name === "RUNTIME_NAMESPACE")?.value,
    ]);
    assert.deepEqual(watched, [
      [chartsImage, true, "team-blue-app"],
      [chartsImage, true, "team-blue-web"],
    ]);
  });

  it("has controllers that take nothing from another namespace, nor act as one with rights unasked", async () => {
    for (const { args } of await containers())
      for (const argument of [
        "--no-cross-namespace-refs=true",
        "--default-service-account=default",
        "--feature-gates=AdoptLegacyReleases=false",
      ])
        assert.ok(args.includes(argument), argument);
  });

  it("has controllers with a port of its own each", async () => {
    const ports = (await containers()).map(({ args }) =>
      args.find((each) => each.startsWith("--health-addr")),
    );
    assert.deepEqual(ports, ["--health-addr=:9440", "--health-addr=:9441"]);
  });

  it("has its rights in its own namespaces alone", async () => {
    const record = await afterMaking();
    const bindings = record.resources.filter(
      ({ type, inputs }) =>
        type.endsWith("Binding") && JSON.stringify(inputs.subjects).includes("helm-controller"),
    );
    assert.deepEqual(
      bindings.map(({ name }) => name).sort(),
      more.filter((name) => name.startsWith("RoleB")),
    );
    for (const { inputs } of bindings)
      assert.deepEqual(inputs.subjects, [
        { kind: "ServiceAccount", name: "helm-controller", namespace: control },
      ]);
  });

  it("may fetch its own repository beside its sources", async () => {
    const record = await afterMaking({ sources: ["https://github.com/team-blue/"] });
    assert.equal(
      record.byName("Namespace/team-blue-app").inputs.metadata.annotations["terp.dev/sources"],
      "https://github.com/team-blue/,ssh://git@gitea.git.svc.cluster.local/team-blue/",
    );
  });

  it("keeps the deploy key secret", async () => {
    const record = await afterMaking();
    const { inputs } = record.byName("Secret/team-blue-app/repository-access");
    assert.ok(record.isSecret(inputs.stringData));
  });

  it("has its controller before anything of its repository is applied, and after what bounds it", async () => {
    const record = await afterMaking();
    const applied = waitsFor(record, record.byName(`Kustomization/${control}/apps`));
    for (const name of more) assert.ok(applied.has(name), name);
    const controller = waitsFor(record, record.byName(`Deployment/${control}/helm-controller`));
    for (const name of [`NetworkPolicy/${control}/helm-controller`, "NetworkPolicy/team-blue-web/terp"])
      assert.ok(controller.has(name), name);
  });

  it("has no controller that runs while it is suspended", async () => {
    const replicas = async (suspended: boolean): Promise<unknown> =>
      (await afterMaking({ suspended })).byName(`Deployment/${control}/helm-controller`).inputs.spec.replicas;
    assert.deepEqual([await replicas(false), await replicas(true)], [1, 0]);
  });

  it("is refused where the environment has nothing that installs them", () => {
    recorder({ outputs: dynamicOutputs });
    const platform = aTenantPlatform();
    assert.throws(() => new TenantComponent("team-blue", { platform, namespaces: ["app"], charts: true }), {
      message: [
        'tenant "team-blue":',
        "charts",
        "  given     true",
        "  expected  the setting tenants.charts: only then does the environment have what installs charts",
        "  remedy    type: pulumi config set --path terp:tenants.charts true --stack dev",
      ].join("\n"),
    });
  });
});

describe("a tenant's helm-controller", () => {
  const may = (action: Action): boolean => allows(chartControllerRules, action);

  it("may act as the tenant's reconciler and nobody else", () => {
    const acting = { verb: "impersonate", resource: "serviceaccounts" };
    assert.ok(may({ ...acting, name: "reconciler" }));
    for (const name of ["default", "platform-reconciler", undefined])
      assert.ok(!may(name === undefined ? acting : { ...acting, name }), name);
    for (const resource of ["users", "groups"]) assert.ok(!may({ verb: "impersonate", resource }), resource);
  });

  it("may write nothing that isn't Flux's: what a chart holds, the reconciler writes", () => {
    const written = chartControllerRules.filter(
      ({ apiGroups, verbs }) =>
        apiGroups.some((group) => !group.endsWith(".toolkit.fluxcd.io")) &&
        verbs.some((verb) => ["create", "update", "patch", "delete"].includes(verb)),
    );
    assert.deepEqual(written, [{ apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] }]);
  });

  it("may read no Secret that the tenant may not", () => {
    for (const { apiGroups, resources, verbs } of chartControllerRules)
      for (const group of apiGroups)
        for (const resource of resources)
          for (const verb of verbs.filter((each) => ["get", "list", "watch"].includes(each)))
            assert.ok(
              resource.includes("/") || allows(tenantRules, { verb, group, resource }),
              `${verb} ${resource}`,
            );
  });

  it("reaches the cluster's DNS, its API server and what source-controller has, and is reached by nobody", () => {
    const [, , toSources] = chartControllerNetwork.egress as readonly object[];
    assert.deepEqual(chartControllerNetwork.ingress, []);
    assert.deepEqual(toSources, {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "flux-system" } },
          podSelector: { matchLabels: { app: "source-controller" } },
        },
      ],
      ports: [{ port: 9090, protocol: "TCP" }],
    });
  });

  for (const charts of [true, false]) {
    it(`has ${charts ? "a role" : "no role"} where tenants may ${charts ? "" : "not "}have charts`, async () => {
      const record = recorder();
      new TenantRoles("tenant-roles", { environment: "dev", charts });
      await record.settled();
      assert.equal(
        record.resources.some(({ name }) => name === "ClusterRole/terp-helm-controller"),
        charts,
      );
    });
  }
});

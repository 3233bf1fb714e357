import assert from "node:assert/strict";
import { explainProtected, resourcesOfTenant } from "../../../cli/engine/protection";
import type { StackState, StateResource } from "../../../cli/engine/state";
import { exitCodes } from "../../../cli/exit";

const tenantType = "terp:tenant:Tenant";
const namespaceType = "kubernetes:core/v1:Namespace";

function urnOf(types: readonly string[], name: string): string {
  return `urn:pulumi:local::terp::${types.join("$")}::${name}`;
}

/** What a tenant is made of, by kind and logical name. */
function part(type: string, name: string): string {
  return urnOf([tenantType, type], name);
}

/** The engine's own words, of pkg/resource/deploy/step.go, as the CLI's log of events has them. */
function refusal(urn: string): string {
  return (
    `error: resource "${urn}" cannot be deleted\n` +
    "because it is protected. To unprotect the resource, either remove the `protect` flag from the resource " +
    `in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``
  );
}

/** Our own words for a tenant. */
function explanation(tenant: string): string {
  return [
    `tenant "${tenant}" is no longer in stacks/tenants.ts, but it wasn't suspended: all that it has would be deleted.`,
    "  Offboard it: put its instance back with `suspended: true`, run `terp up`, keep the export, then remove the instance.",
    `  Delete it at once, without an export: terp up --remove-tenant ${tenant}`,
  ].join("\n");
}

const kustomization = (tenant: string): string =>
  part("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", `Kustomization/terp-tenant-${tenant}/apps`);

describe("the engine's refusal of what a tenant's instance has no more", () => {
  const howTo = (before: string): string =>
    `  Put it back. To change it: ${before}set \`suspended: true\` on the tenant, run \`terp up\`, make the change, run \`terp up\`, and let the tenant go on.`;
  const controller = part(
    "kubernetes:apps/v1:Deployment",
    "Deployment/terp-tenant-team-blue/helm-controller",
  );
  const binding = part(
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "RoleBinding/team-blue-app/terp-helm-controller",
  );
  const repository = part("pulumi-nodejs:dynamic/git:Repository", "Repository/team-blue/apps");
  const charts = (whose: string): string =>
    `${whose} has \`charts\` no more, but isn't suspended: its HelmReleases would stay, and nobody could take them away.\n${howTo("have it remove its HelmReleases, ")}`;

  it("is explained for charts, once, by the tenant's name where one of them has it", () => {
    assert.deepEqual(explainProtected([binding, controller].map(refusal)), [charts('tenant "team-blue"')]);
    assert.deepEqual(explainProtected([refusal(binding)]), [
      charts('the tenant of namespace "team-blue-app"'),
    ]);
  });

  it("is explained for a repository whose place another takes", () => {
    assert.deepEqual(explainProtected([refusal(repository)]), [
      `the repository team-blue/apps is no longer its tenant's in stacks/tenants.ts, but the tenant isn't suspended: something else would be applied at once.\n${howTo("")}`,
    ]);
  });

  it("isn't told beside a whole tenant's that goes", () => {
    const all = [kustomization("team-blue"), controller, binding, repository].map(refusal);
    assert.deepEqual(explainProtected(all), [explanation("team-blue")]);
  });
});

describe("the engine's refusal to replace what is protected", () => {
  const azure = "azure-native:containerservice";
  const cluster = urnOf(["terp:cluster:AksCluster", `${azure}:ManagedCluster`], "aks-cluster");
  const pool = urnOf(["terp:cluster:AksCluster", `${azure}:AgentPool`], "pool-general");
  /** The engine's own words, of pkg/resource/deploy/step_generator.go. */
  const refused = (urn: string): string =>
    `error: unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
    "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
  const remedy = (what: string): string =>
    `  Take the change back. To let it happen: add "${what}" to terp:cluster.replace, run \`terp up\` without the change, then make it, and take "${what}" out again; docs/azure.md says what replaces what.`;

  it("is explained for a cluster, with the setting that lets it happen", () => {
    assert.deepEqual(explainProtected([refused(cluster)]), [
      `the cluster would be replaced: Azure can't change what was changed of it. All that runs in it would go.\n${remedy("cluster")}`,
    ]);
  });

  it("is explained for a pool of nodes, by its own name", () => {
    assert.deepEqual(explainProtected([refused(pool)]), [
      `pool "general" would be replaced: Azure can't change what was changed of it. What runs on its nodes would go.\n${remedy("general")}`,
    ]);
  });

  it("is explained for a pool that was taken out of the settings", () => {
    assert.deepEqual(explainProtected([refusal(pool)]), [
      [
        'pool "general" is no longer in the settings, and what runs there would go with it.',
        '  Put it back. To delete it: add "general" to terp:cluster.replace, run `terp up`, then take both away.',
      ].join("\n"),
    ]);
  });

  it("is passed on for anything else", () => {
    const other = refused(urnOf(["azure-native:dns:Zone"], "dns-zone"));
    assert.deepEqual(explainProtected([other]), [other]);
  });
});

describe("the engine's refusal to delete what is protected", () => {
  for (const [what, urn] of [
    ["what applies its repository", kustomization("team-blue")],
    ["what hears of its pushes", part("kubernetes:x:Receiver", "Receiver/terp-tenant-team-blue/apps")],
    ["its control namespace", part(namespaceType, "Namespace/terp-tenant-team-blue")],
    ["the tenant itself", urnOf([tenantType], "team-blue")],
    ["the tenant, in a component of somebody's", urnOf(["mine:Teams", tenantType], "team-blue")],
  ] as const) {
    it(`is explained as a tenant's that wasn't suspended, where it is of ${what}`, () => {
      assert.deepEqual(explainProtected([refusal(urn)]), [explanation("team-blue")]);
    });
  }

  it("is explained once for each tenant, in the order of their names", () => {
    const errors = [
      refusal(kustomization("team-red")),
      refusal(kustomization("a")),
      refusal(part(namespaceType, "Namespace/terp-tenant-team-red")),
    ];
    assert.deepEqual(explainProtected(errors), [explanation("a"), explanation("team-red")]);
  });

  it("is found with another width of lines", () => {
    const error = refusal(kustomization("team-blue")).replace(/\n/g, " ");
    assert.deepEqual(explainProtected([error]), [explanation("team-blue")]);
  });

  for (const [what, error] of [
    ["is the platform's own", refusal(urnOf(["pulumi-nodejs:dynamic/keys:AgeKey"], "platform"))],
    [
      "is somebody's whose name is like a tenant's",
      refusal(urnOf([namespaceType], "Namespace/terp-tenant-team-blue")),
    ],
    ["is about something else", 'error: resource "urn:pulumi:a::b::c::d" has a problem'],
    ["only quotes such a word", "error: because it is protected"],
  ] as const) {
    it(`stays in the engine's words where it ${what}`, () => {
      assert.deepEqual(explainProtected([error]), [error]);
    });

    it(`stays in the engine's words where it ${what}, beside one that is explained`, () => {
      assert.deepEqual(explainProtected([error, refusal(kustomization("team-blue"))]), [
        explanation("team-blue"),
        error,
      ]);
    });
  }

  it("says how a namespace is taken from a tenant, once for all that is in it", () => {
    const errors = [
      part("kubernetes:core/v1:ResourceQuota", "ResourceQuota/team-blue-web/terp"),
      part(namespaceType, "Namespace/team-blue-web"),
    ];
    const [said, ...others] = explainProtected(errors.map(refusal));
    assert.deepEqual(others, []);
    assert.match(
      said ?? "",
      /^namespace "team-blue-web" is no longer among its tenant's in stacks\/tenants\.ts/,
    );
  });

  it("says nothing of the namespaces of a tenant whose instance is gone", () => {
    const errors = [kustomization("team-blue"), part(namespaceType, "Namespace/team-blue-web")];
    assert.deepEqual(explainProtected(errors.map(refusal)), [explanation("team-blue")]);
  });

  it("is nothing where there was no error", () => {
    assert.deepEqual(explainProtected([]), []);
  });
});

describe("what a tenant is made of, in a state", () => {
  function resource(urn: string, changes: Partial<StateResource> = {}): StateResource {
    const type = /^.*::(?:[^$]*\$)*([^$]+)::/.exec(urn)?.[1] ?? "";
    return { urn, type, inputs: {}, outputs: {}, delete: false, protect: true, ...changes };
  }
  const blue = urnOf([tenantType], "team-blue");
  const red = urnOf([tenantType], "team-red");
  const blues = [kustomization("team-blue"), part(namespaceType, "Namespace/team-blue-app")];
  const state: StackState = {
    pendingOperations: 0,
    resources: [
      resource(urnOf(["pulumi:pulumi:Stack"], "terp-local")),
      resource(blue),
      ...blues.map((urn) => resource(urn, { parent: blue })),
      resource(red),
      resource(kustomization("team-red"), { parent: red }),
    ],
  };

  it("is the tenant and its parts, and nothing of another's", () => {
    assert.deepEqual(resourcesOfTenant(state, "team-blue"), [blue, ...blues]);
    assert.deepEqual(resourcesOfTenant(state, "team-red"), [red, kustomization("team-red")]);
  });

  it("isn't what is on its way out already: the engine would refuse all", () => {
    const gone = resource(part(namespaceType, "Namespace/team-blue-old"), { parent: blue, delete: true });
    const resources = [...state.resources, gone];
    assert.deepEqual(resourcesOfTenant({ ...state, resources }, "team-blue"), [blue, ...blues]);
  });

  for (const [what, given, known] of [
    ["that isn't there", state, "team-blue, team-red"],
    ["where there is none", { resources: [], pendingOperations: 0 }, "there is none"],
    ["where there is no state", undefined, "there is none"],
  ] as const) {
    it(`is asked of a tenant ${what}: the message says which there are`, () => {
      assert.throws(() => resourcesOfTenant(given, "team-bleu"), {
        message: `--remove-tenant: got "team-bleu", expected a tenant of the last run (${known})`,
        code: exitCodes.usage,
      });
    });
  }
});

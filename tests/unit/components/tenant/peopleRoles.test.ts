import { strict as assert } from "node:assert";

import {
  developerRules,
  followerRules,
  ownerRules,
  robotRules,
  tenantRules,
  viewerRules,
  type Rule,
} from "../../../../components/tenant/roles";
import { TenantRoles } from "../../../../components/tenant/tenantRoles";
import { recorder, type Recorder } from "../../../support/recorder";
import { allows, type Action } from "../../../support/rights";

const rules = { owners: ownerRules, developers: developerRules, viewers: viewerRules, robots: robotRules };
type Somebody = keyof typeof rules;
const everybody: readonly Somebody[] = ["owners", "developers", "viewers", "robots"];
const nobody: readonly Somebody[] = [];

const reading = ["get", "list", "watch"];
const writing = ["create", "update", "patch", "delete"];

/** The same action with each of the verbs. */
function each(verbs: readonly string[], action: Omit<Action, "verb">): Action[] {
  return verbs.map((verb) => ({ verb, ...action }));
}

const workloads = ["deployments", "statefulsets", "daemonsets"].map((resource) => ({
  group: "apps",
  resource,
}));

/** What somebody wants to do, and who of a team's people may. */
const wishes: readonly (readonly [what: string, who: readonly Somebody[], actions: readonly Action[]])[] = [
  ["look at applications", everybody, workloads.flatMap((kind) => each(reading, kind))],
  [
    "look at pods and events",
    everybody,
    ["pods", "events"].flatMap((resource) => each(reading, { resource })),
  ],
  [
    "look at what bounds the tenant",
    everybody,
    [
      ...each(reading, { resource: "resourcequotas" }),
      ...each(reading, { group: "networking.k8s.io", resource: "networkpolicies" }),
    ],
  ],
  [
    "look at what Flux does for the tenant",
    everybody,
    [
      ...each(reading, { group: "kustomize.toolkit.fluxcd.io", resource: "kustomizations" }),
      ...each(reading, { group: "helm.toolkit.fluxcd.io", resource: "helmreleases" }),
      ...each(reading, { group: "source.toolkit.fluxcd.io", resource: "gitrepositories" }),
    ],
  ],
  ["read a Secret", ["owners"], each(reading, { resource: "secrets" })],
  ["write a Secret", ["owners", "robots"], each(writing, { resource: "secrets" })],
  ["read logs", ["owners", "developers"], each(["get"], { resource: "pods/log" })],
  ["forward a port", ["owners", "developers"], each(["create", "get"], { resource: "pods/portforward" })],
  [
    "restart a roll-out, which admission keeps to that",
    ["owners", "developers"],
    workloads.flatMap((kind) => each(["patch"], kind)),
  ],
  ["run an application", ["owners"], workloads.flatMap((kind) => each(["create", "update", "delete"], kind))],
  ["scale one", ["owners"], each(["update", "patch"], { group: "apps", resource: "deployments/scale" })],
  ["delete a pod, which its workload makes anew", ["owners"], each(["delete"], { resource: "pods" })],
  ["write settings", ["owners"], each(writing, { resource: "configmaps" })],
  [
    "publish an application",
    ["owners"],
    each(writing, { group: "networking.k8s.io", resource: "ingresses" }),
  ],
  [
    "open a network policy",
    ["owners"],
    each(writing, { group: "networking.k8s.io", resource: "networkpolicies" }),
  ],
  [
    "have Flux apply more",
    ["owners"],
    each(writing, { group: "kustomize.toolkit.fluxcd.io", resource: "kustomizations" }),
  ],
  ["make a pod without a workload", nobody, each(["create", "update", "patch"], { resource: "pods" })],
  [
    "enter a running container",
    nobody,
    ["pods/exec", "pods/attach", "pods/ephemeralcontainers", "pods/proxy"].flatMap((resource) =>
      each(["get", ...writing], { resource }),
    ),
  ],
  ["make a service account's token", nobody, each(writing, { resource: "serviceaccounts/token" })],
  [
    "act as somebody else",
    nobody,
    ["serviceaccounts", "users", "groups"].map((resource) => ({ verb: "impersonate", resource })),
  ],
  [
    "give anybody a right",
    nobody,
    ["roles", "rolebindings"].flatMap((resource) =>
      each([...writing, "bind", "escalate"], { group: "rbac.authorization.k8s.io", resource }),
    ),
  ],
  [
    "raise what bounds the tenant",
    nobody,
    ["resourcequotas", "limitranges", "namespaces"].flatMap((resource) => each(writing, { resource })),
  ],
  [
    "delete everything of a kind at once",
    nobody,
    ["secrets", "pods", "configmaps"].flatMap((resource) => each(["deletecollection"], { resource })),
  ],
];

describe("who of a tenant's people may", () => {
  for (const [what, who, actions] of wishes) {
    it(`${what}: ${who.length === 0 ? "nobody" : who.join(", ")}`, () => {
      for (const action of actions)
        assert.deepEqual(
          everybody.filter((somebody) => allows(rules[somebody], action)),
          who,
          JSON.stringify(action),
        );
    });
  }
});

describe("the rights of a tenant's people", () => {
  /** Every action that rules name, and that there is: a scale can't be listed. */
  function actionsOf(some: readonly Rule[]): Action[] {
    return some
      .flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) => resources.flatMap((resource) => each(verbs, { group, resource }))),
      )
      .filter(({ verb, resource }) => !(resource.endsWith("/scale") && ["list", "watch"].includes(verb)));
  }

  for (const [fewer, more] of [
    ["viewers", "developers"],
    ["viewers", "robots"],
    ["developers", "owners"],
  ] as const) {
    it(`of ${fewer} are ${more}' too`, () => {
      assert.deepEqual(
        actionsOf(rules[fewer]).filter((action) => !allows(rules[more], action)),
        [],
      );
    });
  }

  it("of owners are the repository's too: who may push there has them anyway", () => {
    assert.deepEqual(
      actionsOf(tenantRules).filter((action) => !allows(ownerRules, action)),
      [],
    );
  });

  it("of robots are a viewer's and to write Secrets, and nothing else", () => {
    const more = actionsOf(robotRules).filter((action) => !allows(viewerRules, action));
    assert.deepEqual(more, each(["create", "update", "patch", "delete"], { group: "", resource: "secrets" }));
  });

  it("of viewers are all of the tenant's, to look at, but Secrets and logs", () => {
    const looks = actionsOf(tenantRules).filter(({ verb }) => reading.includes(verb));
    const hidden = looks.filter((action) => !allows(viewerRules, action)).map(({ resource }) => resource);
    assert.deepEqual([...new Set(hidden)].sort(), ["pods/log", "secrets"]);
  });

  it("name every group, kind and verb: there is no *", () => {
    const words = everybody.flatMap((somebody) =>
      rules[somebody].flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]),
    );
    assert.deepEqual(
      words.filter((word) => word.includes("*")),
      [],
    );
  });
});

describe("who follows what becomes of a push", () => {
  const kustomize = "kustomize.toolkit.fluxcd.io";
  const followed = [
    { group: kustomize, resource: "kustomizations" },
    { group: "source.toolkit.fluxcd.io", resource: "gitrepositories" },
  ];

  it("looks at the repository's source and at what applies it", () => {
    for (const each of followed)
      assert.ok(allows(followerRules, { verb: "get", ...each, name: "apps" }), each.resource);
  });

  it("sees nothing else in the control namespace, lists nothing there, and changes nothing", () => {
    const others: Action[] = followed.flatMap((each) => [
      { verb: "get", ...each, name: "other" },
      ...["list", "watch", "update", "patch", "delete"].map((verb) => ({ verb, ...each })),
      { verb: "patch", ...each, name: "apps" },
      { verb: "get", ...each, resource: `${each.resource}/status`, name: "apps" },
    ]);
    const secrets = ["git-access", "sops-age", "webhook-token", "apps"].map((name) => ({
      verb: "get",
      resource: "secrets",
      name,
    }));
    assert.deepEqual(
      [...others, ...secrets].filter((action) => allows(followerRules, action)),
      [],
    );
  });
});

describe("the roles of tenants", () => {
  async function afterMaking(): Promise<{ record: Recorder; roles: TenantRoles }> {
    const record = recorder();
    const roles = new TenantRoles("tenant-roles", { environment: "dev" });
    await record.settled();
    return { record, roles };
  }

  const made: Readonly<Record<string, readonly Rule[]>> = {
    "terp-tenant": tenantRules,
    "terp-owner": ownerRules,
    "terp-developer": developerRules,
    "terp-viewer": viewerRules,
    "terp-robot": robotRules,
    "terp-follower": followerRules,
  };

  for (const [name, expected] of Object.entries(made)) {
    it(`are one ClusterRole ${name} for all tenants, which takes in no other role's rights`, async () => {
      const { record } = await afterMaking();
      const { type, parent, inputs } = record.byName(`ClusterRole/${name}`);
      assert.deepEqual(
        [type, parent],
        ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "tenant-roles"],
      );
      assert.deepEqual(inputs, {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: {
          name,
          labels: {
            "app.kubernetes.io/managed-by": "terp",
            "terp.dev/environment": "dev",
            "terp.dev/role": "platform",
          },
          annotations: { "pulumi.com/patchFieldManager": "terp" },
        },
        rules: expected,
      });
    });
  }

  it("are those six, and there before anybody is bound to one", async () => {
    const { record, roles } = await afterMaking();
    assert.deepEqual(
      record.resources.map(({ name }) => name).sort(),
      ["tenant-roles", ...Object.keys(made).map((name) => `ClusterRole/${name}`)].sort(),
    );
    assert.equal(roles.ready.length, 6);
  });

  it("are known where there was one role only: none is deleted and made anew", async () => {
    const { record } = await afterMaking();
    assert.deepEqual(record.byName("tenant-roles").aliases, ["terp:tenant:TenantRole tenant-role"]);
  });
});

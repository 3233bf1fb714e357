import { strict as assert } from "node:assert";

import { tenantRules } from "../../../../components/tenant/roles";
import { TenantRole } from "../../../../components/tenant/tenantRole";
import { recorder } from "../../../support/recorder";
import { allows, type Action } from "../../../support/rights";

const rbac = "rbac.authorization.k8s.io";
const everyVerb = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const writing = ["create", "update", "patch", "delete", "deletecollection"];

/** The same action with each of the verbs. */
function each(verbs: readonly string[], action: Omit<Action, "verb">): Action[] {
  return verbs.map((verb) => ({ verb, ...action }));
}

const allowed: Readonly<Record<string, readonly Action[]>> = {
  "run and change applications": [
    ...["deployments", "statefulsets", "daemonsets"].flatMap((resource) =>
      each(["create", "patch", "delete"], { group: "apps", resource }),
    ),
    ...["jobs", "cronjobs"].flatMap((resource) => each(["create", "delete"], { group: "batch", resource })),
  ],
  "configure them": each(["get", "create", "patch", "delete"], { resource: "configmaps" }),
  "give them secrets": each(["get", "create", "patch", "delete"], { resource: "secrets" }),
  "give them accounts and storage": ["serviceaccounts", "persistentvolumeclaims"].flatMap((resource) =>
    each(["create", "patch", "delete"], { resource }),
  ),
  "publish them": [
    ...each(["create", "patch", "delete"], { resource: "services" }),
    ...each(["create", "patch", "delete"], { group: "networking.k8s.io", resource: "ingresses" }),
    ...each(["create", "patch", "delete"], { group: "gateway.networking.k8s.io", resource: "httproutes" }),
  ],
  "scale them": each(["update", "patch"], { group: "apps", resource: "deployments/scale" }),
  "read their logs": each(["get"], { resource: "pods/log" }),
  "see what bounds them": [
    ...each(["get", "list"], { resource: "resourcequotas" }),
    ...each(["get", "list"], { resource: "limitranges" }),
    ...each(["get", "list"], { group: "networking.k8s.io", resource: "networkpolicies" }),
  ],
};

const denied: Readonly<Record<string, readonly Action[]>> = {
  "act as somebody else": [
    { verb: "impersonate", resource: "serviceaccounts", name: "reconciler" },
    { verb: "impersonate", resource: "users" },
    { verb: "impersonate", resource: "groups" },
  ],
  "make a service account's token": each(everyVerb, { resource: "serviceaccounts/token" }),
  "write or bind roles": ["roles", "rolebindings", "clusterroles", "clusterrolebindings"].flatMap(
    (resource) => each([...writing, "bind", "escalate"], { group: rbac, resource }),
  ),
  "open a network policy": each(writing, { group: "networking.k8s.io", resource: "networkpolicies" }),
  "raise a quota": [
    ...each(writing, { resource: "resourcequotas" }),
    ...each(writing, { resource: "resourcequotas/status" }),
  ],
  "raise a limit": each(writing, { resource: "limitranges" }),
  "change a namespace": ["namespaces", "namespaces/status", "namespaces/finalize"].flatMap((resource) =>
    each(everyVerb, { resource }),
  ),
  "enter a running container": [
    "pods/exec",
    "pods/attach",
    "pods/portforward",
    "pods/proxy",
    "pods/ephemeralcontainers",
  ].flatMap((resource) => each(["get", "create", "update", "patch"], { resource })),
  "reach a pod through the API server": each(["get", "create"], { resource: "services/proxy" }),
  "make pods without a workload": each(writing, { resource: "pods" }),
  "send traffic elsewhere by hand": [
    ...each(writing, { resource: "endpoints" }),
    ...each(writing, { group: "discovery.k8s.io", resource: "endpointslices" }),
  ],
  "apply as Flux does": [
    ...each(everyVerb, { group: "kustomize.toolkit.fluxcd.io", resource: "kustomizations" }),
    ...each(everyVerb, { group: "source.toolkit.fluxcd.io", resource: "gitrepositories" }),
  ],
  "touch the nodes": ["nodes", "nodes/proxy", "persistentvolumes"].flatMap((resource) =>
    each(everyVerb, { resource }),
  ),
};

describe("the role of a tenant's reconciler", () => {
  for (const [what, actions] of Object.entries(allowed)) {
    it(`may ${what}`, () => {
      assert.deepEqual(
        actions.filter((action) => !allows(tenantRules, action)),
        [],
      );
    });
  }

  for (const [what, actions] of Object.entries(denied)) {
    it(`may not ${what}`, () => {
      assert.deepEqual(
        actions.filter((action) => allows(tenantRules, action)),
        [],
      );
    });
  }

  it("names every group, kind and verb: there is no *", () => {
    const words = tenantRules.flatMap(({ apiGroups, resources, verbs }) => [
      ...(apiGroups as readonly string[]),
      ...(resources as readonly string[]),
      ...(verbs as readonly string[]),
    ]);
    assert.deepEqual(
      words.filter((word) => word.includes("*")),
      [],
    );
  });
});

describe("TenantRole", () => {
  it("is one ClusterRole for all tenants, which takes in no other role's rights", async () => {
    const record = recorder();
    const role = new TenantRole("tenant-role", { environment: "dev" });
    await record.settled();
    const made = record.byName("ClusterRole/terp-tenant");
    assert.equal(made.type, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
    assert.equal(made.parent, "tenant-role");
    assert.deepEqual(made.inputs, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: {
        name: "terp-tenant",
        labels: {
          "app.kubernetes.io/managed-by": "terp",
          "terp.dev/environment": "dev",
          "terp.dev/role": "platform",
        },
        annotations: { "pulumi.com/patchFieldManager": "terp" },
      },
      rules: tenantRules,
    });
    assert.equal(record.resources.length, 2);
    assert.equal(role.ready.length, 1);
  });
});

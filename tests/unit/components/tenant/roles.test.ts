import { strict as assert } from "node:assert";

import { tenantRules } from "../../../../components/tenant/roles";
import { allows, type Action } from "../../../support/rights";

const rbac = "rbac.authorization.k8s.io";
const source = "source.toolkit.fluxcd.io";
const kustomize = "kustomize.toolkit.fluxcd.io";
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
  "open a network policy: admission keeps its peers to the tenant's own and to listed ranges": each(
    ["create", "patch", "delete"],
    { group: "networking.k8s.io", resource: "networkpolicies" },
  ),
  "ask for certificates: admission keeps them to its domains": each(["create", "patch", "delete"], {
    group: "cert-manager.io",
    resource: "certificates",
  }),
  "have Flux fetch and apply more in its own namespaces: admission keeps sources to listed ones, and what applies to its reconciler":
    [
      ...["gitrepositories", "ocirepositories", "helmrepositories"].flatMap((resource) =>
        each(["create", "patch", "delete"], { group: source, resource }),
      ),
      ...each(["create", "patch", "delete"], { group: kustomize, resource: "kustomizations" }),
      ...each(["create", "patch", "delete"], { group: "helm.toolkit.fluxcd.io", resource: "helmreleases" }),
    ],
  "see what Flux makes of that": each(["get", "list", "watch"], { group: source, resource: "helmcharts" }),
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
  "say what Flux has fetched and applied: that is Flux's to write": [
    ...["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts"].flatMap((resource) =>
      each(writing, { group: source, resource: `${resource}/status` }),
    ),
    ...each(writing, { group: kustomize, resource: "kustomizations/status" }),
    ...each(writing, { group: source, resource: "helmcharts" }),
    ...each(writing, { group: source, resource: "externalartifacts" }),
  ],
  "have Flux fetch from what nobody lists": each(writing, { group: source, resource: "buckets" }),
  "tell, or be told by, anybody of what Flux does": ["receivers", "alerts", "providers"].flatMap((resource) =>
    each(everyVerb, { group: "notification.toolkit.fluxcd.io", resource }),
  ),
  "make an issuer of certificates": ["issuers", "clusterissuers"].flatMap((resource) =>
    each(everyVerb, { group: "cert-manager.io", resource }),
  ),
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
      ...apiGroups,
      ...resources,
      ...verbs,
    ]);
    assert.deepEqual(
      words.filter((word) => word.includes("*")),
      [],
    );
  });
});

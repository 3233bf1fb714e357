import { strict as assert } from "node:assert";

import { applicationSpec, projectSpec } from "../../../../components/argocd/application";
import { managedKinds } from "../../../../components/tenant/managedKinds";
import { tenantRules } from "../../../../components/tenant/roles";

const project = projectSpec({
  tenant: "team-blue",
  repositories: ["ssh://git@git/team-blue/apps.git"],
  namespaces: ["team-blue-app", "team-blue-web"],
  kinds: managedKinds,
  account: "terp-tenant-team-blue:reconciler",
  groups: { owners: ["blue-owners"], viewers: [] },
}) as Record<string, any>;

const server = "https://kubernetes.default.svc";

describe("a tenant's project", () => {
  it("takes from the tenant's repository alone, into its namespaces alone", () => {
    assert.deepEqual(project["sourceRepos"], ["ssh://git@git/team-blue/apps.git"]);
    assert.deepEqual(project["destinations"], [
      { server, namespace: "team-blue-app" },
      { server, namespace: "team-blue-web" },
    ]);
    assert.deepEqual(project["sourceNamespaces"], []);
  });

  it("applies as the tenant's reconciler, wherever it applies", () => {
    assert.deepEqual(
      project["destinationServiceAccounts"],
      ["team-blue-app", "team-blue-web"].map((namespace) => ({
        server,
        namespace,
        defaultServiceAccount: "terp-tenant-team-blue:reconciler",
      })),
    );
  });

  it("has the kinds that the reconciler may write, but for Secrets, and none of the cluster's", () => {
    const written = tenantRules
      .filter(({ verbs }) => verbs.includes("create"))
      .flatMap(({ apiGroups, resources }) => resources.map((resource) => `${apiGroups.join()}/${resource}`));
    const listed = managedKinds.map(({ group, resource }) => `${group}/${resource}`);
    assert.deepEqual([...listed, "/secrets"].sort(), written.sort());
    assert.deepEqual(
      project["namespaceResourceWhitelist"],
      managedKinds.map(({ group, kind }) => ({ group, kind })),
    );
    assert.deepEqual(project["clusterResourceWhitelist"], []);
  });

  it("keeps what bounds the tenant out of reach, whatever else is listed", () => {
    assert.deepEqual(project["namespaceResourceBlacklist"], [
      { group: "", kind: "ResourceQuota" },
      { group: "", kind: "LimitRange" },
    ]);
  });

  it("lets the tenant's owners apply anew, and names no group that isn't there", () => {
    assert.deepEqual(project["roles"], [
      {
        name: "owners",
        policies: ["get", "sync"].map(
          (action) => `p, proj:team-blue:owners, applications, ${action}, team-blue/*, allow`,
        ),
        groups: ["blue-owners"],
      },
    ]);
  });
});

describe("a tenant's Application", () => {
  const args = {
    tenant: "team-blue",
    repository: "ssh://git@git/team-blue/apps.git",
    branch: "main",
    path: "environments/dev",
    namespace: "team-blue-app",
    retry: "3s",
  };
  const spec = (changes: object = {}): Record<string, any> =>
    applicationSpec({ ...args, ...changes }) as Record<string, any>;

  it("is of the tenant's project, and applies one folder of its repository", () => {
    assert.equal(spec()["project"], "team-blue");
    assert.deepEqual(spec()["source"], {
      repoURL: "ssh://git@git/team-blue/apps.git",
      targetRevision: "main",
      path: "environments/dev",
    });
  });

  it("applies by itself, takes away what left the repository, changes back, and tries again for ever", () => {
    const { automated, syncOptions, retry } = spec()["syncPolicy"];
    assert.deepEqual(automated, { prune: true, selfHeal: true });
    assert.deepEqual(syncOptions, ["ServerSideApply=true", "CreateNamespace=false"]);
    assert.deepEqual(retry, {
      limit: -1,
      refresh: true,
      backoff: { duration: "3s", factor: 2, maxDuration: "15s" },
    });
  });

  it("applies nothing while the tenant is suspended", () => {
    assert.equal(spec({ isSuspended: true })["syncPolicy"].automated, undefined);
  });
});

import { strict as assert } from "node:assert";

import { lockDown } from "../../../../components/flux/lockdown";
import { platformRules } from "../../../../components/flux/platformSync";
import type { PolicyRule } from "../../../../components/policyRule";
import { releaseManifests } from "../../../support/fluxRelease";
import { allows, type Action } from "../../../support/rights";

const locked = lockDown(releaseManifests());
const rbac = "rbac.authorization.k8s.io";

/** What an account of Flux's namespace is allowed by all that is bound to it. */
function rulesOf(account: string): PolicyRule[] {
  const roles = locked
    .filter(({ kind }) => kind === "ClusterRoleBinding" || kind === "RoleBinding")
    .filter((binding) =>
      (binding["subjects"] as readonly { name: string; namespace: string }[]).some(
        ({ name, namespace }) => name === account && namespace === "flux-system",
      ),
    )
    .map((binding) => (binding["roleRef"] as { name: string }).name);
  return locked
    .filter(({ kind, metadata }) => kind === "ClusterRole" && roles.includes(metadata.name))
    .flatMap((role) => role["rules"] as PolicyRule[]);
}

function expectAllowed(rules: readonly PolicyRule[], actions: readonly Action[]): void {
  assert.deepEqual(
    actions.filter((action) => !allows(rules, action)),
    [],
  );
}

function expectDenied(rules: readonly PolicyRule[], actions: readonly Action[]): void {
  assert.deepEqual(
    actions.filter((action) => allows(rules, action)),
    [],
  );
}

/** Names of Secrets that there are, and one that nobody foresaw. */
const secrets = ["git-access", "webhook-token", "sops-age", "platform-age", "gitea", "anything"];

describe("the rights of Flux's source-controller", () => {
  const rules = rulesOf("source-controller");

  it("are to read what it authenticates with, and no other Secret", () => {
    const readable = secrets.filter((name) => allows(rules, { verb: "get", resource: "secrets", name }));
    assert.deepEqual(readable, ["git-access"]);
  });

  it("aren't to list Secrets, or to write them", () => {
    expectDenied(
      rules,
      ["list", "watch", "create", "update", "patch", "delete"].flatMap((verb) =>
        [undefined, "git-access"].map((name) => ({
          verb,
          resource: "secrets",
          ...(name === undefined ? {} : { name }),
        })),
      ),
    );
  });

  it("are to keep the status of sources", () => {
    expectAllowed(rules, [
      { verb: "patch", group: "source.toolkit.fluxcd.io", resource: "gitrepositories/status" },
    ]);
  });

  it("aren't to act as anybody else", () => {
    expectDenied(
      rules,
      ["reconciler", "default", "platform-reconciler"].map((name) => ({
        verb: "impersonate",
        resource: "serviceaccounts",
        name,
      })),
    );
  });
});

describe("the rights of Flux's kustomize-controller", () => {
  const rules = rulesOf("kustomize-controller");

  it("are to read the keys that decrypt, by their names, and no other Secret", () => {
    const readable = secrets.filter((name) => allows(rules, { verb: "get", resource: "secrets", name }));
    assert.deepEqual(readable, ["sops-age", "platform-age"]);
    expectDenied(rules, [{ verb: "list", resource: "secrets" }]);
  });

  it("are to act as the reconcilers, and as the account without rights", () => {
    const accounts = ["reconciler", "platform-reconciler", "default", "kustomize-controller", "admin"];
    const others = accounts.filter((name) =>
      allows(rules, { verb: "impersonate", resource: "serviceaccounts", name }),
    );
    assert.deepEqual(others, ["reconciler", "platform-reconciler", "default"]);
  });

  it("aren't to act as a user or a group", () => {
    expectDenied(rules, [
      { verb: "impersonate", resource: "users", name: "kubernetes-admin" },
      { verb: "impersonate", resource: "groups", name: "system:masters" },
    ]);
  });

  it("aren't to apply anything by itself", () => {
    const kinds: Omit<Action, "verb">[] = [
      { resource: "configmaps" },
      { resource: "secrets", name: "sops-age" },
      { resource: "namespaces" },
      { resource: "serviceaccounts/token" },
      { group: "apps", resource: "deployments" },
      { group: rbac, resource: "clusterrolebindings" },
      { group: rbac, resource: "rolebindings" },
    ];
    expectDenied(
      rules,
      kinds.flatMap((kind) => ["create", "update", "patch", "delete"].map((verb) => ({ verb, ...kind }))),
    );
  });
});

describe("the rights of Flux's notification-controller", () => {
  const rules = rulesOf("notification-controller");

  it("are to read the tokens that Git hosts sign with, by their name, and no other Secret", () => {
    const readable = secrets.filter((name) => allows(rules, { verb: "get", resource: "secrets", name }));
    assert.deepEqual(readable, ["webhook-token"]);
    expectDenied(rules, [{ verb: "list", resource: "secrets" }]);
  });

  it("are to say of a Git repository that it is to be looked at, and nothing more of it", () => {
    const repositories = { group: "source.toolkit.fluxcd.io", resource: "gitrepositories" };
    expectAllowed(
      rules,
      ["get", "list", "watch", "patch"].map((verb) => ({ verb, ...repositories })),
    );
    expectDenied(
      rules,
      ["create", "update", "delete"].map((verb) => ({ verb, ...repositories })),
    );
  });

  it("aren't to act as anybody else", () => {
    expectDenied(
      rules,
      ["reconciler", "default", "platform-reconciler"].map((name) => ({
        verb: "impersonate",
        resource: "serviceaccounts",
        name,
      })),
    );
  });

  it("aren't to touch what is applied, or how", () => {
    const kinds: Omit<Action, "verb">[] = [
      { group: "kustomize.toolkit.fluxcd.io", resource: "kustomizations" },
      { group: "source.toolkit.fluxcd.io", resource: "gitrepositories/status" },
      { group: "source.toolkit.fluxcd.io", resource: "helmcharts" },
      { resource: "configmaps" },
      { group: "apps", resource: "deployments" },
      { group: rbac, resource: "rolebindings" },
    ];
    expectDenied(
      rules,
      kinds.flatMap((kind) => ["create", "update", "patch", "delete"].map((verb) => ({ verb, ...kind }))),
    );
  });
});

describe("the rights of the account that applies the platform repository", () => {
  it("are two rules: tenants' keys and the marker, by their names", () => {
    const verbs = ["get", "create", "update", "patch"];
    assert.deepEqual(platformRules, [
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["sops-age"], verbs },
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["terp-platform"], verbs },
    ]);
  });

  it("don't reach the platform's own key, nor what repositories are read with", () => {
    const reached = secrets.filter((name) =>
      ["get", "update", "patch", "delete"].some((verb) =>
        allows(platformRules, { verb, resource: "secrets", name }),
      ),
    );
    assert.deepEqual(reached, ["sops-age"]);
  });

  it("aren't to take a tenant's key away, or to list them", () => {
    expectDenied(
      platformRules,
      ["delete", "deletecollection", "list", "watch"].map((verb) => ({
        verb,
        resource: "secrets",
        name: "sops-age",
      })),
    );
  });
});

describe("the network of Flux's controllers", () => {
  const controllers = ["source-controller", "kustomize-controller", "notification-controller"];
  const policyOf = (name: string): any =>
    locked.find(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === name)?.["spec"];

  it("is closed in both directions", () => {
    for (const name of controllers) {
      const { podSelector, policyTypes } = policyOf(name);
      assert.deepEqual(podSelector, { matchLabels: { app: name } });
      assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    }
  });

  it("lets who applies fetch what the source-controller has: the kustomize-controller, and tenants' own helm-controllers", () => {
    const ports = [{ port: 9090, protocol: "TCP" }];
    assert.deepEqual(policyOf("source-controller").ingress, [
      { from: [{ podSelector: { matchLabels: { app: "kustomize-controller" } } }], ports },
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "terp.dev/role": "control" } },
            podSelector: { matchLabels: { app: "helm-controller" } },
          },
        ],
        ports,
      },
    ]);
    assert.deepEqual(policyOf("kustomize-controller").ingress, []);
  });

  it("lets the Git host alone tell the notification-controller of a push", () => {
    assert.deepEqual(policyOf("notification-controller").ingress, [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "git" } },
            podSelector: { matchLabels: { app: "gitea" } },
          },
        ],
        ports: [{ port: 9292, protocol: "TCP" }],
      },
    ]);
  });

  it("lets the notification-controller reach DNS and the API server: it sends nothing to anybody else", () => {
    const ports = policyOf("notification-controller").egress.map((rule: { ports: { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    assert.deepEqual(ports, [
      [53, 53, 1053, 1053],
      [443, 6443],
    ]);
  });

  it("lets the kustomize-controller reach DNS, the API server and the source-controller", () => {
    const ports = policyOf("kustomize-controller").egress.map((rule: { ports: { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    assert.deepEqual(ports, [[53, 53, 1053, 1053], [443, 6443], [9090]]);
  });

  it("lets the source-controller reach DNS, the API server and Git hosts", () => {
    const ports = policyOf("source-controller").egress.map((rule: { ports: { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    assert.deepEqual(ports, [
      [53, 53, 1053, 1053],
      [443, 6443],
      [22, 2222, 80, 3000],
    ]);
  });

  it("names peers or ports in every rule: one without either admits all", () => {
    for (const name of controllers) {
      const { ingress, egress } = policyOf(name);
      const open = [...ingress, ...egress].filter((rule: { ports?: unknown[] }) => !rule.ports?.length);
      assert.deepEqual(open, [], name);
    }
  });
});

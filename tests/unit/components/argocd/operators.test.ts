import { strict as assert } from "node:assert";
import * as kubernetes from "@pulumi/kubernetes";

import { projectSpec } from "../../../../components/argocd/application";
import { operatorsAccount, operatorsPrefix, operatorsProject } from "../../../../components/argocd/names";
import { OperatorsApplications } from "../../../../components/argocd/operators";
import { boundedOperators } from "../../../../components/argocd/operatorsSpecs";
import type { PolicyRule } from "../../../../components/policyRule";
import { managedKinds } from "../../../../components/tenant/managedKinds";
import { tenantNameFaults } from "../../../../components/tenant/names";
import { evaluate } from "../../../support/cel";
import { recorder, type Recorder } from "../../../support/recorder";
import { allows } from "../../../support/rights";

const repository = "ssh://git@git.test/platform/platform.git";

async function afterMaking(): Promise<Recorder> {
  const record = recorder();
  new OperatorsApplications("operators", {
    environment: "dev",
    repository,
    branch: "main",
    path: "environments/dev/apps",
    retry: "3s",
    kinds: managedKinds,
    access: (options) => new kubernetes.core.v1.Secret("Secret/argocd/repository-platform", {}, options),
  });
  await record.settled();
  return record;
}

/** A request of the operators' account to the API server. */
interface Asked {
  readonly group?: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
  readonly before?: object;
  readonly after?: object;
}

/** The messages of what a request breaks, none if it is admitted. */
function refusals({ group = "", resource, namespace, name, before, after }: Asked): (string | undefined)[] {
  const request = { name, namespace, resource: { group, resource } };
  const known = { request, object: after ?? null, oldObject: before ?? null };
  return (boundedOperators.validations as { expression: string; message: string }[])
    .filter(({ expression }) => evaluate(expression, known) !== true)
    .map(({ message }) => message);
}

const bare = { metadata: {} };
const labelled = (labels: object): object => ({ metadata: { labels } });
const enforced = "pod-security.kubernetes.io/enforce";
const ofThePlatform = labelled({ "terp.dev/environment": "dev" });
const elsewhere =
  "the platform repository is for namespaces whose name begins with terp-operators-, what is in them, and Applications in argocd";
const levels =
  "a namespace here has the label pod-security.kubernetes.io/enforce: restricted, and none with -version";
const platforms = "this object is the platform's own: leave it as it is, and give yours another name";
const otherProject = "an Application here is of the project platform: write spec.project: platform";
const application = (project: string, more: object = {}): object => ({
  metadata: { ...more },
  spec: { project },
});
const inArgocd = { group: "argoproj.io", resource: "applications", namespace: "argocd", name: "tool" };

describe("what the platform's operators run beside the tenants", () => {
  it("comes from one folder of the platform repository, and of nothing else", async () => {
    const record = await afterMaking();
    const { spec } = record.byName("Application/argocd/platform").inputs;
    assert.deepEqual(spec.source, {
      repoURL: repository,
      targetRevision: "main",
      path: "environments/dev/apps",
      directory: { recurse: false },
    });
    assert.equal(spec.project, operatorsProject);
    const project = record.byName("AppProject/argocd/platform").inputs.spec;
    assert.deepEqual([project.sourceRepos, project.sourceNamespaces], [[repository], []]);
  });

  it("stays where its Application goes, which has no finalizer", async () => {
    const { metadata } = (await afterMaking()).byName("Application/argocd/platform").inputs;
    assert.equal(metadata.finalizers, undefined);
  });

  it("goes to operators' namespaces and beside Argo CD, as the operators' account", async () => {
    const { spec } = (await afterMaking()).byName("AppProject/argocd/platform").inputs;
    const server = "https://kubernetes.default.svc";
    assert.deepEqual(spec.destinations, [
      { server, namespace: "argocd" },
      { server, namespace: "terp-operators-*" },
    ]);
    assert.deepEqual(
      spec.destinationServiceAccounts.map(
        ({ defaultServiceAccount }: { defaultServiceAccount: string }) => defaultServiceAccount,
      ),
      ["argocd:platform-operators", "argocd:platform-operators"],
    );
  });

  it("has no kind of the whole cluster's but Namespace, no Secret, no right, no host name and nothing of Flux's", async () => {
    const { spec } = (await afterMaking()).byName("AppProject/argocd/platform").inputs;
    assert.deepEqual(spec.clusterResourceWhitelist, [{ group: "", kind: "Namespace" }]);
    const kinds = (spec.namespaceResourceWhitelist as { group: string; kind: string }[]).map(
      ({ group, kind }) => `${group}/${kind}`,
    );
    assert.ok(kinds.includes("argoproj.io/Application"));
    assert.deepEqual(
      kinds.filter((kind) =>
        /Secret|Role|toolkit|Ingress|Route|Certificate|AppProject|ApplicationSet|Custom|Webhook|\*/.test(
          kind,
        ),
      ),
      [],
    );
  });

  it("is applied with the rights to just that, and beside Argo CD to Applications alone", async () => {
    const record = await afterMaking();
    const everywhere = record.byName("ClusterRole/terp-argocd-operators").inputs.rules as PolicyRule[];
    assert.ok(allows(everywhere, { verb: "patch", resource: "namespaces" }));
    assert.ok(allows(everywhere, { verb: "delete", group: "apps", resource: "deployments" }));
    for (const [group, resource] of [
      ["", "secrets"],
      ["argoproj.io", "applications"],
      ["argoproj.io", "appprojects"],
      ["rbac.authorization.k8s.io", "rolebindings"],
      ["kustomize.toolkit.fluxcd.io", "kustomizations"],
    ] as const)
      assert.ok(!allows(everywhere, { verb: "patch", group, resource }), resource);
    assert.deepEqual(record.byName("Role/argocd/platform-operators").inputs.rules, [
      {
        apiGroups: ["argoproj.io"],
        resources: ["applications"],
        verbs: ["get", "create", "update", "patch", "delete"],
      },
    ]);
  });

  it("is applied by Argo CD alone, which may act as that account and as no other there", async () => {
    const record = await afterMaking();
    const name = "argocd/platform-operators-impersonator";
    assert.deepEqual(record.byName(`Role/${name}`).inputs.rules, [
      {
        apiGroups: [""],
        resources: ["serviceaccounts"],
        resourceNames: [operatorsAccount],
        verbs: ["impersonate"],
      },
    ]);
    assert.deepEqual(record.byName(`RoleBinding/${name}`).inputs.subjects, [
      { kind: "ServiceAccount", name: "argocd-application-controller", namespace: "argocd" },
    ]);
  });

  it("has no right before what bounds it is there", async () => {
    const record = await afterMaking();
    for (const name of ["ClusterRoleBinding/terp-argocd-operators", "RoleBinding/argocd/platform-operators"])
      assert.ok(
        record.byName(name).dependsOn.includes("ValidatingAdmissionPolicyBinding/terp-argocd-operators"),
        name,
      );
  });

  it("isn't a tenant's: no tenant has its name, its namespaces, its account or its source", () => {
    for (const tenant of [operatorsProject, "terp-operators", `${operatorsPrefix}a`])
      assert.equal(tenantNameFaults("tenants", { tenant, namespaces: ["app"] }).length, 1, tenant);
    const project = JSON.stringify(
      projectSpec({
        tenant: "team-blue",
        repositories: ["ssh://git@git.test/team-blue/apps.git"],
        namespaces: ["team-blue-app"],
        kinds: managedKinds,
        account: "terp-tenant-team-blue:reconciler",
        groups: { owners: [], viewers: [] },
      }),
    );
    for (const theirs of [repository, operatorsPrefix, operatorsAccount, '"Namespace"', '"Application"'])
      assert.ok(!project.includes(theirs), theirs);
  });

  describe("when it is applied", () => {
    it("is bound by its account alone", () => {
      const username = (name: string): object => ({ request: { userInfo: { username: name } } });
      const [condition] = boundedOperators.matchConditions as { expression: string }[];
      const isBound = (name: string): unknown =>
        evaluate(condition?.expression ?? "", username(name) as Record<string, unknown>);
      assert.equal(isBound("system:serviceaccount:argocd:platform-operators"), true);
      assert.equal(isBound("system:serviceaccount:terp-tenant-team-blue:reconciler"), false);
    });

    for (const [what, asked] of [
      [
        "a restricted namespace of the operators'",
        { resource: "namespaces", name: "terp-operators-a", after: labelled({ [enforced]: "restricted" }) },
      ],
      ["the end of one", { resource: "namespaces", name: "terp-operators-a", before: bare }],
      [
        "something in it",
        { resource: "configmaps", namespace: "terp-operators-a", name: "settings", after: bare },
      ],
      ["an Application of the project", { ...inArgocd, after: application("platform") }],
      ["the end of that", { ...inArgocd, before: application("platform") }],
    ] as const)
      it(`may be ${what}`, () => {
        assert.deepEqual(refusals(asked), []);
      });

    for (const [what, asked, said] of [
      [
        "a namespace of another name",
        { resource: "namespaces", name: "team-blue-app", after: labelled({ [enforced]: "restricted" }) },
        [elsewhere],
      ],
      ["the end of a tenant's", { resource: "namespaces", name: "team-blue-app", before: bare }, [elsewhere]],
      [
        "something in a tenant's",
        { resource: "configmaps", namespace: "team-blue-app", name: "settings", after: bare },
        [elsewhere],
      ],
      [
        "something else beside Argo CD",
        { resource: "configmaps", namespace: "argocd", name: "argocd-cm", after: bare },
        [elsewhere],
      ],
      [
        "something of the whole cluster's",
        { group: "rbac.authorization.k8s.io", resource: "clusterroles", name: "terp-tenant", after: bare },
        [elsewhere],
      ],
      [
        "a namespace for any pods",
        { resource: "namespaces", name: "terp-operators-a", after: bare },
        [levels],
      ],
      [
        "a namespace by the rules of an old version",
        {
          resource: "namespaces",
          name: "terp-operators-a",
          after: labelled({ [enforced]: "restricted", [`${enforced}-version`]: "v1.0" }),
        },
        [levels],
      ],
      [
        "a change of what the program made",
        {
          resource: "configmaps",
          namespace: "terp-operators-a",
          name: "a",
          before: ofThePlatform,
          after: bare,
        },
        [platforms],
      ],
      [
        "a Service that takes others' requests",
        {
          resource: "services",
          namespace: "terp-operators-a",
          name: "a",
          after: { metadata: {}, spec: { externalIPs: ["10.96.0.1"] } },
        },
        ["a Service here takes no address that others' requests go to: leave out externalIPs"],
      ],
      ["an Application of a tenant's", { ...inArgocd, after: application("team-blue") }, [otherProject]],
      [
        "a tenant's that it takes over",
        { ...inArgocd, before: application("team-blue"), after: application("platform") },
        [otherProject],
      ],
      [
        "the end of a tenant's Application",
        { ...inArgocd, before: application("team-blue") },
        [otherProject],
      ],
      [
        "one that would wait for ever",
        { ...inArgocd, after: application("platform", { finalizers: ["a"] }) },
        [
          "an Application here has no finalizers, for nobody could take what it applied away: remove its objects or its namespace first",
        ],
      ],
    ] as const)
      it(`can't be ${what}`, () => {
        assert.deepEqual(refusals(asked), said);
      });
  });
});

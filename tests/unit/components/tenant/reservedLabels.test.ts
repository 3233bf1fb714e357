import { strict as assert } from "node:assert";

import { ReservedLabels, reservedLabelsPolicy } from "../../../../components/tenant/reservedLabels";
import { administrators, type Trusted } from "../../../../components/tenant/trusted";
import { evaluate } from "../../../support/cel";
import { recorder } from "../../../support/recorder";

/** A request to the API server, as far as the policy looks at it. */
interface Asked {
  readonly before?: object;
  readonly after: object;
  readonly user?: string;
  /** `null`: the request has none. */
  readonly groups?: readonly string[] | null;
  readonly kind?: string;
  /** The kind's API group. Default: Kubernetes' core. */
  readonly group?: string;
  readonly namespace?: string;
}

interface Policy {
  readonly failurePolicy: string;
  readonly matchConstraints: { readonly resourceRules: readonly object[] };
  readonly matchConditions: readonly { readonly expression: string }[];
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly {
    readonly expression: string;
    readonly messageExpression: string;
    readonly reason: string;
  }[];
}

/** What the policy says to a request: the messages of what it breaks, none if it is admitted. */
function answer(asked: Asked, trusted: Trusted = administrators): readonly unknown[] {
  const policy = reservedLabelsPolicy(trusted) as Policy;
  const known: Record<string, unknown> = {
    object: asked.after,
    oldObject: asked.before ?? null,
    request: {
      name: "thing",
      namespace: asked.namespace ?? "team-blue-app",
      kind: { kind: asked.kind ?? "ConfigMap" },
      resource: { group: asked.group ?? "", resource: "configmaps" },
      userInfo: {
        username: asked.user ?? "somebody",
        groups: asked.groups === null ? undefined : (asked.groups ?? ["system:authenticated"]),
      },
    },
  };
  if (!policy.matchConditions.every(({ expression }) => evaluate(expression, known))) return [];
  const variables: Record<string, unknown> = {};
  known["variables"] = variables;
  for (const { name, expression } of policy.variables) variables[name] = evaluate(expression, known);
  return policy.validations
    .filter(({ expression }) => evaluate(expression, known) !== true)
    .map(({ messageExpression }) => evaluate(messageExpression, known));
}

const reserved =
  "the labels terp.dev/environment, terp.dev/tenant, terp.dev/role say whose an object is and are set by the platform alone: leave them out";

const labelled = (labels: object, annotations?: object): object => ({
  metadata: { labels, ...(annotations === undefined ? {} : { annotations }) },
});
const bare = { metadata: {} };
const ours = labelled({ "terp.dev/environment": "dev" });
const deployer = { user: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

describe("the labels that say whose an object is", () => {
  for (const label of ["terp.dev/environment", "terp.dev/tenant", "terp.dev/role"]) {
    it(`can't be set by a tenant: ${label} on a new object`, () => {
      assert.deepEqual(answer({ after: labelled({ [label]: "team-red" }) }), [reserved]);
    });

    it(`can't be set by a tenant: ${label} on an object without labels`, () => {
      assert.equal(answer({ before: bare, after: labelled({ [label]: "x" }) })[0], reserved);
    });

    it(`can't be changed by a tenant: ${label}`, () => {
      const before = labelled({ [label]: "team-blue" });
      assert.equal(answer({ before, after: labelled({ [label]: "team-red" }) })[0], reserved);
    });

    it(`can't be taken away by a tenant: ${label}`, () => {
      assert.deepEqual(answer({ before: labelled({ [label]: "team-blue" }), after: bare }), [reserved]);
    });
  }

  it("don't keep a tenant from changing the rest of an object that has them", () => {
    const after = labelled({ "terp.dev/environment": "dev", app: "web" });
    assert.deepEqual(answer({ before: ours, after }), []);
  });

  it("don't keep a tenant from labels of its own", () => {
    assert.deepEqual(answer({ before: bare, after: labelled({ app: "web", "terp.dev/other": "x" }) }), []);
  });

  it("don't keep anybody from an object that has no metadata, like a review of rights", () => {
    assert.deepEqual(answer({ after: { spec: {} } }), []);
  });

  it("can be set on a new object by who deploys", () => {
    assert.deepEqual(answer({ after: ours, ...deployer }), []);
  });

  it("can be set by Kubernetes' own controllers, which copy labels", () => {
    for (const who of [
      { user: "system:kube-controller-manager" },
      { user: "system:apiserver" },
      {
        user: "system:serviceaccount:kube-system:endpointslice-controller",
        groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system"],
      },
    ]) {
      assert.deepEqual(answer({ after: ours, ...who }), [], who.user);
    }
  });

  describe("are cert-manager's to copy", () => {
    const certManager = {
      user: "system:serviceaccount:cert-manager:cert-manager",
      groups: ["system:serviceaccounts", "system:serviceaccounts:cert-manager"],
    };

    for (const group of ["cert-manager.io", "acme.cert-manager.io"])
      it(`from a Gateway to what it makes for its certificate: ${group}`, () => {
        assert.deepEqual(answer({ after: ours, ...certManager, group }), []);
      });

    it("and not to Secrets, for which a tenant's Certificate names labels", () => {
      assert.deepEqual(answer({ after: ours, ...certManager }), [reserved]);
    });

    it("and nobody else's", () => {
      assert.deepEqual(answer({ after: ours, group: "cert-manager.io" }), [reserved]);
    });
  });

  it("can't be set by an account of another namespace, nor by a node", () => {
    for (const who of [
      {
        user: "system:serviceaccount:terp-tenant-team-blue:reconciler",
        groups: ["system:serviceaccounts", "system:serviceaccounts:terp-tenant-team-blue"],
      },
      { user: "system:node:one", groups: ["system:nodes"] },
      { user: "system:masters" },
    ]) {
      assert.deepEqual(answer({ after: ours, ...who }), [reserved], who.user);
    }
  });

  it("can be set by those whom the environment trusts, instead of the administrators", () => {
    const trusted = { groups: ["deployers"], users: ["ci"] };
    assert.deepEqual(answer({ after: ours, groups: ["deployers"] }, trusted), []);
    assert.deepEqual(answer({ after: ours, user: "ci" }, trusted), []);
    assert.deepEqual(answer({ after: ours, ...deployer }, trusted), [reserved]);
  });

  it("can't be set by a request without groups, whose user isn't trusted", () => {
    assert.deepEqual(answer({ after: ours, groups: null }), [reserved]);
  });
});

describe("an object that this environment didn't make", () => {
  const stranger = (place: string, command: string): string =>
    `${place} exists already and wasn't made by this environment: delete or rename it, or hand it over with: ${command}`;

  it("isn't taken over, and the message says how to hand it over", () => {
    assert.deepEqual(answer({ before: labelled({ app: "web" }), after: ours, ...deployer }), [
      stranger(
        "ConfigMap team-blue-app/thing",
        "kubectl annotate configmaps thing -n team-blue-app terp.dev/adopt=dev",
      ),
    ]);
  });

  it("has no namespace in the message where it is a namespace, or in none", () => {
    const message = stranger("Namespace thing", "kubectl annotate configmaps thing terp.dev/adopt=dev");
    assert.deepEqual(
      answer({ before: bare, after: ours, kind: "Namespace", namespace: "thing", ...deployer }),
      [message],
    );
    assert.deepEqual(answer({ before: bare, after: ours, kind: "Namespace", namespace: "", ...deployer }), [
      message,
    ]);
  });

  it("isn't taken over from another environment", () => {
    const before = labelled({ "terp.dev/environment": "prd" });
    assert.equal(answer({ before, after: ours, ...deployer }).length, 1);
  });

  it("is taken over once an operator handed it to this environment", () => {
    const before = labelled({}, { "terp.dev/adopt": "dev" });
    assert.deepEqual(answer({ before, after: ours, ...deployer }), []);
  });

  it("isn't taken over when it was handed to another environment", () => {
    const before = labelled({}, { "terp.dev/adopt": "prd" });
    assert.equal(answer({ before, after: ours, ...deployer }).length, 1);
  });

  it("isn't taken over because the change itself hands it over", () => {
    const after = labelled({ "terp.dev/environment": "dev" }, { "terp.dev/adopt": "dev" });
    assert.equal(answer({ before: bare, after, ...deployer }).length, 1);
  });
});

describe("the policy for reserved labels", () => {
  const policy = reservedLabelsPolicy(administrators) as Policy;

  it("is asked about everything that is made or changed, by any of its parts", () => {
    assert.deepEqual(policy.matchConstraints.resourceRules, [
      {
        apiGroups: ["*"],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
        resources: ["*/*"],
        scope: "*",
      },
    ]);
  });

  it("refuses where it can't tell", () => {
    assert.equal(policy.failurePolicy, "Fail");
  });

  it("is bound to all of the cluster, and denies", async () => {
    const record = recorder();
    new ReservedLabels("reserved-labels", { environment: "dev" });
    await record.settled();
    const binding = record.byName("ValidatingAdmissionPolicyBinding/terp-reserved-labels");
    assert.deepEqual(binding.inputs.spec, {
      policyName: record.byName("ValidatingAdmissionPolicy/terp-reserved-labels").inputs.metadata.name,
      validationActions: ["Deny"],
    });
    assert.deepEqual(binding.dependsOn, ["ValidatingAdmissionPolicy/terp-reserved-labels"]);
    assert.deepEqual(
      record.resources.map(({ name, parent }) => [name, parent]),
      [
        ["reserved-labels", undefined],
        ["ValidatingAdmissionPolicy/terp-reserved-labels", "reserved-labels"],
        ["ValidatingAdmissionPolicyBinding/terp-reserved-labels", "reserved-labels"],
      ],
    );
  });

  it("trusts the administrators unless told otherwise", async () => {
    const record = recorder();
    new ReservedLabels("reserved-labels", { environment: "dev" });
    await record.settled();
    assert.deepEqual(
      record.byName("ValidatingAdmissionPolicy/terp-reserved-labels").inputs.spec,
      reservedLabelsPolicy({ groups: ["system:masters"], users: [] }),
    );
  });
});

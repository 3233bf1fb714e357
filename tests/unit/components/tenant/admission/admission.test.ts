import { strict as assert } from "node:assert";

import { TenantAdmission } from "../../../../../components/tenant/admission/admission";
import { bindingSpec } from "../../../../../components/admissionPolicy";
import { tenantPolicies } from "../../../../../components/tenant/admission/policies";
import { administrators, type Trusted } from "../../../../../components/tenant/trusted";
import { recorder } from "../../../../support/recorder";

const names = [
  "terp-tenant-networkpolicies",
  "terp-tenant-hosts",
  "terp-tenant-ingresses",
  "terp-tenant-routes",
  "terp-tenant-certificates",
  "terp-tenant-sources",
  "terp-tenant-reconcilers",
  "terp-tenant-workloads",
  "terp-tenant-services",
  "terp-tenant-credentials",
  "terp-tenant-volumeclaims",
  "terp-tenant-kinds",
  "terp-tenant-owned",
  "terp-tenant-restarts",
  "terp-tenant-robots",
];

/** Parts of objects that say something by themselves. */
const knownParts = [
  "pods/ephemeralcontainers",
  "serviceaccounts/token",
  "namespaces/status",
  "namespaces/finalize",
];

describe("the policies for tenants' namespaces", () => {
  const policies = tenantPolicies(administrators);

  it("are these", () => {
    assert.deepEqual(
      policies.map(({ name }) => name),
      names,
    );
  });

  for (const { name, spec } of policies) {
    describe(name, () => {
      it("denies where it can't tell", () => {
        assert.equal(spec.failurePolicy, "Fail");
      });

      it("goes by the label of the namespace, which no tenant can write", () => {
        assert.deepEqual(spec.matchConstraints.namespaceSelector, {
          matchLabels: { "terp.dev/role": "tenant" },
        });
        assert.ok(!("objectSelector" in spec.matchConstraints));
      });

      it("is asked about no object outside of namespaces, but a namespace", () => {
        // Of what is in no namespace, a selector of namespaces leaves nothing out.
        for (const { scope, resources } of spec.matchConstraints.resourceRules) {
          if (scope !== "Namespaced") assert.ok(resources.every((each) => each.startsWith("namespaces")));
        }
      });

      it("is asked about deletions only if it keeps what is the platform's", () => {
        const operations = spec.matchConstraints.resourceRules.flatMap((rule) => rule.operations);
        assert.equal(operations.includes("DELETE"), name === "terp-tenant-owned");
        assert.ok(operations.includes("UPDATE"));
      });

      it("is asked about no part of an object but those that say something by themselves", () => {
        const parts = spec.matchConstraints.resourceRules
          .flatMap((rule) => rule.resources)
          .filter((resource) => resource.includes("/"));
        assert.deepEqual(
          parts.filter((part) => !knownParts.includes(part)),
          [],
        );
      });

      it("doesn't hold up who deploys", () => {
        const trusted: Trusted = { groups: ["deployers"], users: ["ci"] };
        const own = tenantPolicies(trusted).find((each) => each.name === name);
        const [condition] = own?.spec.matchConditions ?? [];
        assert.equal(condition?.name, "is-not-exempt");
        assert.match(condition.expression, /^!\(request\.userInfo\.username in \["ci"/);
        assert.match(condition.expression, /\["deployers"/);
        assert.doesNotMatch(condition.expression, /system:masters/);
      });

      it("holds up nothing that only changes status, owners or finalizers, but for what has a rule of its own", () => {
        const conditions = spec.matchConditions.map((each) => each.name);
        const isAboutAnyChange = ["terp-tenant-owned", "terp-tenant-restarts"].includes(name);
        assert.equal(conditions.includes("asks-for-more"), !isAboutAnyChange);
      });

      it("says for each of its rules what to do instead", () => {
        for (const { messageExpression, reason } of spec.validations) {
          assert.equal(reason, "Forbidden");
          assert.match(messageExpression, /: |; /);
          assert.doesNotMatch(messageExpression, /\\n/);
        }
      });
    });
  }

  it("are as many rules as Kubernetes would be asked about in vain otherwise: each kind is named once in a policy", () => {
    for (const { name, spec } of policies) {
      const kinds = spec.matchConstraints.resourceRules.flatMap((rule) =>
        rule.resources.map((resource) => `${rule.apiGroups.join()}/${resource}`),
      );
      assert.equal(new Set(kinds).size, kinds.length, name);
    }
  });
});

describe("the admission of what tenants write", () => {
  async function made(trusted?: Trusted): Promise<ReturnType<typeof recorder>> {
    const record = recorder();
    new TenantAdmission("tenant-admission", {
      environment: "dev",
      ...(trusted === undefined ? {} : { trusted }),
    });
    await record.settled();
    return record;
  }

  it("is a policy and its binding each, which denies everywhere that it matches", async () => {
    const record = await made();
    for (const name of names) {
      const policy = record.byName(`ValidatingAdmissionPolicy/${name}`);
      const binding = record.byName(`ValidatingAdmissionPolicyBinding/${name}`);
      assert.equal(policy.inputs.metadata.name, name);
      assert.equal(policy.parent, "tenant-admission");
      assert.equal(binding.parent, "tenant-admission");
      assert.deepEqual(binding.inputs.spec, { policyName: name, validationActions: ["Deny"] });
      assert.deepEqual(binding.inputs.spec, bindingSpec(name));
      assert.deepEqual(binding.dependsOn, [policy.name]);
    }
    assert.equal(record.resources.length, 1 + 2 * names.length);
  });

  it("bears the environment's labels, by which a later run knows it", async () => {
    const record = await made();
    for (const { inputs, custom } of record.resources) {
      if (custom) assert.equal(inputs.metadata.labels["terp.dev/environment"], "dev");
    }
  });

  it("exempts the administrators unless told otherwise", async () => {
    const specs = async (trusted?: Trusted): Promise<unknown[]> => {
      const record = await made(trusted);
      return names.map((name) => record.byName(`ValidatingAdmissionPolicy/${name}`).inputs.spec);
    };
    assert.deepEqual(
      await specs(),
      tenantPolicies(administrators).map(({ spec }) => spec),
    );
    const other = { groups: ["deployers"], users: [] };
    assert.deepEqual(
      await specs(other),
      tenantPolicies(other).map(({ spec }) => spec),
    );
  });

  it("is ready once every binding is there", async () => {
    const record = recorder();
    const admission = new TenantAdmission("tenant-admission", { environment: "dev" });
    await record.settled();
    const ready = await Promise.all(
      admission.ready.map(
        (resource) =>
          new Promise<string>((resolve) =>
            resource.urn.apply((urn) => {
              resolve(urn);
            }),
          ),
      ),
    );
    assert.deepEqual(
      ready.map((urn) => urn.split("::").at(-1)),
      names.map((name) => `ValidatingAdmissionPolicyBinding/${name}`),
    );
  });
});

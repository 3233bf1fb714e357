import { strict as assert } from "node:assert";
import fc from "fast-check";

import {
  controlNamespaceName,
  namespaceName,
  tenantNameFaults,
  tenantsNameFaults,
} from "../../../../components/tenant/names";

const form =
  "of lower-case letters, digits and single dashes, beginning with a letter and not ending with a dash";

/** A part of a name that is valid by itself: words with single dashes between them. */
const part = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), { minLength: 1, maxLength: 3 })
  .map((words) => words.join("-"));

function faultsOf(tenant: string, ...namespaces: string[]): ReturnType<typeof tenantNameFaults> {
  return tenantNameFaults("tenants[0]", { tenant, namespaces });
}

describe("a tenant's names", () => {
  it("are those of its namespaces, and one that its people don't see", () => {
    assert.equal(namespaceName("team-blue", "app"), "team-blue-app");
    assert.equal(controlNamespaceName("team-blue"), "terp-tenant-team-blue");
  });

  for (const [tenant, namespace] of [
    ["team-blue", "app"],
    ["a", "b"],
    ["t2", "x1-y2"],
    ["terpentine", "kubernetes"],
    ["a".repeat(30), "b".repeat(32)],
  ] as const) {
    it(`may be ${tenant} with ${namespace}`, () => {
      assert.deepEqual(faultsOf(tenant, namespace), []);
    });
  }

  for (const [given, suggestion] of [
    ["", "team-blue"],
    ["Team Blue", "team-blue"],
    ["team_blue", "team-blue"],
    ["-team", "team"],
    ["team-", "team"],
    ["team--blue", "team-blue"],
    ["7days", "days"],
    ["77", "team-blue"],
    ["a/../b", "a-b"],
    ["a\nb", "a-b"],
  ] as const) {
    it(`can't be ${JSON.stringify(given)}`, () => {
      assert.deepEqual(faultsOf(given, "app"), [
        {
          path: "tenants[0].name",
          given: JSON.stringify(given),
          expected: `a name ${form}`,
          remedy: `write for example "${suggestion}"`,
        },
      ]);
    });
  }

  it("can't be longer than the Git host admits", () => {
    const given = `${"a".repeat(29)}-b`;
    assert.deepEqual(faultsOf(given, "app"), [
      {
        path: "tenants[0].name",
        given: `"${given}", 31 characters`,
        expected: "at most 30 characters",
        remedy: `write for example "${"a".repeat(29)}"`,
      },
    ]);
  });

  it("can't make a namespace that is longer than Kubernetes admits", () => {
    assert.deepEqual(faultsOf("team-blue", "a".repeat(54)), [
      {
        path: "tenants[0].namespaces[0]",
        given: `"${"a".repeat(54)}", 54 characters`,
        expected: "at most 53 characters",
        remedy: `write for example "${"a".repeat(53)}"`,
      },
    ]);
  });

  it("can't be a namespace's that isn't well-formed", () => {
    assert.deepEqual(faultsOf("team-blue", "app", "My App"), [
      {
        path: "tenants[0].namespaces[1]",
        given: '"My App"',
        expected: `a namespace's name ${form}`,
        remedy: 'write for example "my-app"',
      },
    ]);
  });

  it("include one namespace at least", () => {
    assert.deepEqual(faultsOf("team-blue"), [
      {
        path: "tenants[0].namespaces",
        given: "none",
        expected: "at least one namespace",
        remedy: 'write for example ["app"]',
      },
    ]);
  });

  it("include each namespace once", () => {
    assert.deepEqual(faultsOf("team-blue", "app", "web", "app"), [
      {
        path: "tenants[0].namespaces[2]",
        given: '"app"',
        expected: "each namespace once",
        remedy: "remove one of the two",
      },
    ]);
  });

  it("are told with all their faults at once", () => {
    assert.deepEqual(
      faultsOf("Blue", "App", "b-").map(({ path }) => path),
      ["tenants[0].name", "tenants[0].namespaces[0]", "tenants[0].namespaces[1]"],
    );
  });

  it("get a suggestion that is well-formed, whatever was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (given) => {
        for (const { expected, remedy } of faultsOf(given, "app")) {
          if (expected !== `a name ${form}`) continue;
          const suggested = /^write for example "(.*)"$/.exec(remedy)?.[1] ?? "";
          assert.deepEqual(
            faultsOf(suggested, "app").filter((fault) => fault.expected === expected),
            [],
          );
        }
      }),
    );
  });

  it("that is too long brings no fault of a namespace that no name could mend", () => {
    const tenant = "a".repeat(70);
    assert.deepEqual(
      faultsOf(tenant, "app").map(({ path }) => path),
      ["tenants[0].name"],
    );
  });
});

describe("a reserved name", () => {
  // What would be a namespace of the platform or of Kubernetes, or an organisation or page of the Git host.
  const reserved =
    "default kube kube-system flux flux-system terp terp-tenant terp-x openshift git gitea platform argocd admin " +
    "api assets explore ghost internal login notifications org repo user users v2";
  for (const name of reserved.split(" ")) {
    it(`is ${name}`, () => {
      assert.deepEqual(faultsOf(name, "app"), [
        {
          path: "tenants[0].name",
          given: `"${name}"`,
          expected: "a name that isn't the platform's, Kubernetes' or the Git host's own",
          remedy: `write for example "team-${name}"`,
        },
      ]);
    });
  }

  it("leaves no way to a control namespace, Flux's, the Git host's or Kubernetes'", () => {
    const theirs = ["flux-system", "git", "kube-system", "kube-public", "kube-node-lease", "default"];
    const full = fc.oneof(
      fc.constantFrom(...theirs),
      part.map((tenant) => controlNamespaceName(tenant)),
    );
    fc.assert(
      fc.property(full, fc.nat(), (name, cut) => {
        const dashes = [...name.matchAll(/-/g)].map(({ index }) => index);
        const at = dashes[cut % Math.max(dashes.length, 1)];
        // Without a dash there is no split that makes it.
        if (at === undefined) return;
        assert.notDeepEqual(faultsOf(name.slice(0, at), name.slice(at + 1)), []);
      }),
    );
  });
});

describe("the names of all tenants", () => {
  it("can't include one tenant twice", () => {
    const faults = tenantsNameFaults("tenants", [
      { tenant: "team-blue", namespaces: ["app"] },
      { tenant: "team-blue", namespaces: ["web"] },
    ]);
    assert.deepEqual(faults, [
      {
        path: "tenants[1].name",
        given: '"team-blue"',
        expected: "each tenant once",
        remedy: "give one of the two another name",
      },
    ]);
  });

  it("can't include two splits of one namespace", () => {
    const faults = tenantsNameFaults("tenants", [
      { tenant: "a", namespaces: ["x", "b-c"] },
      { tenant: "a-b", namespaces: ["c"] },
    ]);
    assert.deepEqual(faults, [
      {
        path: "tenants[1].namespaces",
        given: '"c", which makes the namespace "a-b-c"',
        expected: `a namespace that isn't tenant "a"'s too`,
        remedy: 'give the namespace of "a-b" or of "a" another name',
      },
    ]);
  });

  it("may include namespaces that differ only in where the tenant's name ends", () => {
    const faults = tenantsNameFaults("tenants", [
      { tenant: "a", namespaces: ["b"] },
      { tenant: "a-b", namespaces: ["b"] },
      { tenant: "ab", namespaces: ["b"] },
    ]);
    assert.deepEqual(faults, []);
  });

  it("have each tenant's own faults, with its place", () => {
    const faults = tenantsNameFaults("tenants", [
      { tenant: "team-blue", namespaces: ["app"] },
      { tenant: "git", namespaces: [] },
    ]);
    assert.deepEqual(
      faults.map(({ path }) => path),
      ["tenants[1].name", "tenants[1].namespaces"],
    );
  });

  it("are refused exactly if two tenants would share a namespace or a name", () => {
    const tenant = fc.record({
      tenant: part,
      namespaces: fc.uniqueArray(part, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(tenant, { minLength: 2, maxLength: 5 }), (tenants) => {
        fc.pre(tenants.every((one) => tenantNameFaults("", one).length === 0));
        const names = tenants.map((one) => one.tenant);
        const full = tenants.flatMap((one) => one.namespaces.map((each) => namespaceName(one.tenant, each)));
        const isShared = new Set(names).size < names.length || new Set(full).size < full.length;
        assert.equal(tenantsNameFaults("tenants", tenants).length > 0, isShared);
      }),
    );
  });

  it("are refused for every pair of splits of one text", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 3, maxLength: 5 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (all, one, other) => {
        const split = (seed: number): { tenant: string; namespaces: string[] } => {
          const at = 1 + (seed % (all.length - 1));
          return { tenant: all.slice(0, at).join("-"), namespaces: [all.slice(at).join("-")] };
        };
        assert.notDeepEqual(tenantsNameFaults("tenants", [split(one), split(other)]), []);
      }),
    );
  });
});

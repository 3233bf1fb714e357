import { strict as assert } from "node:assert";

import { TenantComponent } from "../../../../components/tenant/tenant";
import { isProtected, type TenantArgs } from "../../../../components/tenant/tenantArgs";
import { tenantFaults, type TenantRequest } from "../../../../components/tenant/tenantFaults";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder } from "../../../support/recorder";

describe("what is wrong with what is asked for a tenant", () => {
  const app: TenantRequest = { namespaces: ["app"] };

  for (const [what, request] of [
    ["namespaces alone", app],
    [
      "everything there is",
      {
        namespaces: ["app", "web"],
        people: { owners: ["leads"], robots: ["delivery"] },
        reaches: ["team-red"],
        ranges: ["192.0.2.0/24"],
        domains: ["blue.example.org"],
        sources: ["https://github.com/team-blue/"],
        images: ["ghcr.io/team-blue/"],
      },
    ],
    // Whether there is one is a question of the moment: the two may come in one change.
    ["a tenant that isn't there to reach", { ...app, reaches: ["not-yet"] }],
    ["nobody and nothing", { ...app, people: {}, reaches: [], ranges: [], domains: [], sources: [] }],
  ] satisfies readonly (readonly [string, TenantRequest])[]) {
    it(`is nothing with ${what}`, () => {
      assert.deepEqual(tenantFaults("team-blue", request, []), []);
    });
  }

  it("is to reach itself", () => {
    assert.deepEqual(tenantFaults("team-blue", { ...app, reaches: ["team-red", "team-blue"] }, []), [
      {
        path: "reaches[1]",
        given: '"team-blue"',
        expected: "another tenant: a tenant's own namespaces reach each other anyway",
        remedy: "leave it out",
      },
    ]);
  });

  it("is to reach what can't be a tenant", () => {
    assert.deepEqual(tenantFaults("team-blue", { ...app, reaches: ["Team Red"] }, []), [
      {
        path: "reaches[0]",
        given: '"Team Red"',
        expected:
          "a name of lower-case letters, digits and single dashes, beginning with a letter and not ending with a dash",
        remedy: 'write for example "team-red"',
      },
    ]);
  });

  it("is to reach a name too long to be a tenant's", () => {
    const [fault] = tenantFaults("team-blue", { ...app, reaches: ["a".repeat(31)] }, []);
    assert.deepEqual([fault?.path, fault?.expected], ["reaches[0]", "at most 30 characters"]);
  });

  it("is a namespace that is another's", () => {
    const others = [{ tenant: "a", namespaces: ["b-c"] }];
    assert.deepEqual(tenantFaults("a-b", { namespaces: ["c"] }, others), [
      {
        path: "namespaces",
        given: '"c", which makes the namespace "a-b-c"',
        expected: `a namespace that isn't tenant "a"'s too`,
        remedy: 'give the namespace of "a-b" or of "a" another name',
      },
    ]);
  });

  describe("is a domain", () => {
    const green = [
      { tenant: "team-green", namespaces: ["app"], domains: ["green.example.org", "green.test"] },
    ];
    for (const [domain, other, lies] of [
      ["green.example.org", "green.example.org", "which is the same"],
      ["blue.green.example.org", "green.example.org", 'above "blue.green.example.org"'],
      ["example.org", "green.example.org", 'below "example.org"'],
    ] as const) {
      it(`${domain}, where another tenant has ${other}`, () => {
        assert.deepEqual(tenantFaults("team-blue", { ...app, domains: ["blue.test", domain] }, green), [
          {
            path: "domains[1]",
            given: `"${domain}"`,
            expected: `a domain that shares no host name with another tenant's: "team-green" has "${other}", ${lies}`,
            remedy: 'give this tenant or "team-green" another domain',
          },
        ]);
      });
    }

    it("isn't one beside another's, however alike they are", () => {
      const domains = ["blue.example.org", "agreen.example.org", "green.example.org.test", "n.test"];
      assert.deepEqual(tenantFaults("team-blue", { ...app, domains }, green), []);
    });

    it("of another tenant and isn't so before that is there: the later is told", () => {
      const platform = aTenantPlatform();
      recorder({ outputs: dynamicOutputs });
      const make = (name: string): TenantComponent =>
        new TenantComponent(name, { platform, namespaces: ["app"], domains: ["shared.example.org"] });
      make("team-blue");
      assert.throws(() => make("team-green"), /"team-blue" has "shared\.example\.org", which is the same/);
    });

    it("of the platform's own", () => {
      const platform = aTenantPlatform({ domains: ["login.example.org"] });
      recorder({ outputs: dynamicOutputs });
      assert.throws(
        () => new TenantComponent("team-blue", { platform, namespaces: ["app"], domains: ["example.org"] }),
        {
          message: [
            'tenant "team-blue":',
            "domains[0]",
            '  given     "example.org"',
            '  expected  a domain that shares no host name with the platform: it has "login.example.org", below "example.org"',
            "  remedy    give this tenant another domain",
          ].join("\n"),
        },
      );
    });
  });

  it("isn't what is wrong with others", () => {
    const others = [
      { tenant: "Bad Name", namespaces: [] },
      { tenant: "a", namespaces: ["x", "x"] },
    ];
    assert.deepEqual(tenantFaults("team-blue", app, others), []);
  });

  it("is told as a whole, each with its place, whatever number of tenants there are", () => {
    const request = {
      namespaces: ["app", "app"],
      people: { owners: ["system:masters"], robots: ["A"] },
      reaches: ["team-blue"],
      ranges: ["169.254.0.0/16"],
      domains: ["Example"],
      sources: ["ftp://x/"],
      images: [],
    };
    const others = Array.from({ length: 11 }, (_, index) => ({
      tenant: `other-${String(index)}`,
      namespaces: ["app"],
    }));
    for (const known of [[], others.slice(0, 1), others])
      assert.deepEqual(
        tenantFaults("team-blue", request, known).map(({ path }) => path),
        [
          "namespaces[1]",
          "people.owners[0]",
          "people.robots[0]",
          "reaches[0]",
          "domains[0]",
          "sources[0]",
          "ranges[0]",
          "images",
        ],
      );
  });
});

describe("a tenant that is made with faults", () => {
  /** What making it throws. */
  function refusal(changes: Partial<TenantArgs>, platform = aTenantPlatform()): string {
    recorder({ outputs: dynamicOutputs });
    try {
      new TenantComponent("team-blue", { platform, namespaces: ["app"], ...changes });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  }

  it("is collected where the platform says so, each tenant's with those of the others, and makes nothing", async () => {
    const faults: string[] = [];
    const platform = aTenantPlatform({ faults });
    const record = recorder({ outputs: dynamicOutputs });
    for (const name of ["Team_Red", "team-"]) new TenantComponent(name, { platform, namespaces: ["app"] });
    await record.settled();
    assert.deepEqual(
      faults.map((fault) => fault.split("\n")[0]),
      ['tenant "Team_Red":', 'tenant "team-":'],
    );
    assert.deepEqual(
      record.resources.map(({ type }) => type),
      ["terp:tenant:Tenant", "terp:tenant:Tenant"],
    );
  });

  it("is refused with all of them in one message", () => {
    assert.equal(
      refusal({ people: { robots: ["A"] }, reaches: ["team-blue"] }),
      [
        'tenant "team-blue":',
        "people.robots[0]",
        '  given     "A"',
        "  expected  at most 40 lower-case letters, digits and dashes, with a letter or digit at both ends",
        '  remedy    write for example "delivery"',
        "",
        "reaches[0]",
        '  given     "team-blue"',
        "  expected  another tenant: a tenant's own namespaces reach each other anyway",
        "  remedy    leave it out",
      ].join("\n"),
    );
  });

  it("is refused where it is suspended and its export would have no place", () => {
    const platform = aTenantPlatform({ environment: "prd", exports: undefined });
    assert.equal(
      refusal({ suspended: true }, platform),
      [
        'tenant "team-blue":',
        "suspended",
        "  given     true",
        "  expected  the setting tenants.exports: the folder for what a suspended tenant has",
        "  remedy    type: pulumi config set --path terp:tenants.exports /srv/terp/exports --stack prd",
      ].join("\n"),
    );
  });

  it("needs no place for an export while it isn't suspended", () => {
    assert.equal(refusal({ suspended: false }, aTenantPlatform({ exports: undefined })), "");
  });

  it("has its name taken by that: whoever is next can't have it by accident", () => {
    const platform = aTenantPlatform();
    assert.notEqual(refusal({ reaches: ["team-blue"] }, platform), "");
    assert.match(refusal({}, platform), /expected {2}each tenant once/);
  });
});

describe("what a tenant is made of", () => {
  for (const [suspended, expected] of [
    [undefined, true],
    [false, true],
    [true, false],
  ] as const) {
    it(`${expected ? "refuses" : "doesn't refuse"} to be deleted with suspended: ${String(suspended)}`, () => {
      assert.equal(isProtected(suspended === undefined ? {} : { suspended }), expected);
    });
  }
});

import { strict as assert } from "node:assert";
import fc from "fast-check";

import {
  parts,
  peopleFaults,
  peopleSubjects,
  personRoleName,
  robotAccount,
  type Part,
  type People,
} from "../../../../components/tenant/people";

const control = "terp-tenant-team-blue";
const group = (name: string): object => ({ kind: "Group", name, apiGroup: "rbac.authorization.k8s.io" });

describe("who is bound to which role in a tenant's namespaces", () => {
  it("is nobody, where nobody is named", () => {
    assert.deepEqual(peopleSubjects({}, control), []);
    assert.deepEqual(peopleSubjects({ owners: [], robots: [] }, control), []);
  });

  it("is each list to the role of its name", () => {
    const people = { owners: ["leads"], developers: ["devs"], viewers: ["all"], robots: ["delivery"] };
    assert.deepEqual(
      peopleSubjects(people, control).map(({ role }) => role),
      ["terp-owner", "terp-developer", "terp-viewer", "terp-robot"],
    );
  });

  it("is groups, as the login's token has them", () => {
    assert.deepEqual(peopleSubjects({ owners: ["leads", "oidc:Team Blue"] }, control), [
      { role: "terp-owner", subjects: [group("leads"), group("oidc:Team Blue")] },
    ]);
  });

  it("is robots by their accounts in the control namespace, where no pod of the tenant's can run as one", () => {
    assert.deepEqual(peopleSubjects({ robots: ["delivery"] }, control), [
      {
        role: "terp-robot",
        subjects: [{ kind: "ServiceAccount", name: "robot-delivery", namespace: control }],
      },
    ]);
  });

  it("is never the tenant's reconciler, whatever a robot is called", () => {
    assert.notEqual(robotAccount("reconciler"), "reconciler");
  });
});

/** Something that is wrong with the people of a tenant, in the words of a person. */
type Case = readonly [people: People, path: string, given: string, expected: string, remedy: string];

const aGroup = "a group's name, without spaces at its ends";
const asInTheLogin = "write it as the login's `groups` claim has it";
const ownGroup = "a group of the tenant's own; those that begin with system: are Kubernetes'";
const fromTheProvider = "name a group of your identity provider";
const whereItHasMost = "leave it where it has the most rights";
const aRobot = "at most 40 lower-case letters, digits and dashes, with a letter or digit at both ends";
const likeDelivery = 'write for example "delivery"';

const wrong: readonly Case[] = [
  [{ owners: [""] }, "people.owners[0]", '""', aGroup, asInTheLogin],
  [{ viewers: ["all", "  "] }, "people.viewers[1]", '"  "', aGroup, asInTheLogin],
  [{ developers: [" devs"] }, "people.developers[0]", '" devs"', aGroup, asInTheLogin],
  [{ developers: ["devs\n"] }, "people.developers[0]", '"devs\\n"', aGroup, asInTheLogin],
  [{ owners: ["system:masters"] }, "people.owners[0]", '"system:masters"', ownGroup, fromTheProvider],
  [
    { viewers: ["system:authenticated"] },
    "people.viewers[0]",
    '"system:authenticated"',
    ownGroup,
    fromTheProvider,
  ],
  [
    { owners: ["leads", "leads"] },
    "people.owners[1]",
    '"leads"',
    "each group once: it is people.owners[0] too",
    whereItHasMost,
  ],
  [
    { owners: ["leads"], developers: ["devs", "leads"] },
    "people.developers[1]",
    '"leads"',
    "each group once: it is people.owners[0] too",
    whereItHasMost,
  ],
  [{ robots: [""] }, "people.robots[0]", '""', aRobot, likeDelivery],
  [{ robots: ["Delivery"] }, "people.robots[0]", '"Delivery"', aRobot, likeDelivery],
  [{ robots: ["deli very"] }, "people.robots[0]", '"deli very"', aRobot, likeDelivery],
  [{ robots: ["-delivery"] }, "people.robots[0]", '"-delivery"', aRobot, likeDelivery],
  [{ robots: ["delivery-"] }, "people.robots[0]", '"delivery-"', aRobot, likeDelivery],
  [{ robots: ["a/b"] }, "people.robots[0]", '"a/b"', aRobot, likeDelivery],
  [{ robots: ["a".repeat(41)] }, "people.robots[0]", `"${"a".repeat(41)}"`, aRobot, likeDelivery],
  [
    { robots: ["delivery", "backup", "delivery"] },
    "people.robots[2]",
    '"delivery"',
    "each robot once: it is people.robots[0] too",
    "remove one of the two",
  ],
];

describe("a tenant's people", () => {
  for (const people of [
    {},
    { owners: [], developers: [], viewers: [], robots: [] },
    { owners: ["leads"], developers: ["devs"], viewers: ["all"], robots: ["delivery"] },
    { owners: ["oidc:Team Blue/Leads", "8c2b1d0e-0000-4000-8000-000000000000"] },
    { robots: ["a", "7", "a".repeat(40), "secret-delivery-2"] },
    // A robot is an account, and no group.
    { owners: ["delivery"], robots: ["delivery"] },
    { viewers: ["systems", "a system:b"] },
  ] satisfies readonly People[]) {
    it(`may be ${JSON.stringify(people).slice(0, 90)}`, () => {
      assert.deepEqual(peopleFaults("people", people), []);
    });
  }

  for (const [people, path, given, expected, remedy] of wrong) {
    it(`can't be ${JSON.stringify(people).slice(0, 90)}`, () => {
      assert.deepEqual(peopleFaults("people", people), [{ path, given, expected, remedy }]);
    });
  }

  it("are told of all their faults at once, each with its place", () => {
    const people = { owners: ["", "leads"], developers: ["system:nodes"], viewers: ["leads"], robots: ["A"] };
    assert.deepEqual(
      peopleFaults("tenants[2].people", people).map(({ path }) => path),
      ["owners[0]", "developers[0]", "viewers[0]", "robots[0]"].map((place) => `tenants[2].people.${place}`),
    );
  });
});

describe("what people are bound to, whoever they are", () => {
  const name = fc.oneof(
    fc.constantFrom("leads", "devs", "delivery", "system:masters", "", " x "),
    fc.string({ maxLength: 8 }),
  );
  const people = fc.record(
    Object.fromEntries(parts.map((part) => [part, fc.array(name, { maxLength: 4 })])) as Record<
      Part,
      fc.Arbitrary<string[]>
    >,
    { requiredKeys: [] },
  );
  const withoutFaults = people.filter((each) => peopleFaults("people", each).length === 0);

  it("is every one of them that is without fault, once", () => {
    fc.assert(
      fc.property(withoutFaults, (each) => {
        const bound = peopleSubjects(each, control).flatMap(({ role, subjects }) =>
          subjects.map((subject) => `${role} ${subject.kind} ${subject.name}`),
        );
        const named = parts.flatMap((part) =>
          (each[part] ?? []).map((member) =>
            part === "robots"
              ? `${personRoleName(part)} ServiceAccount ${robotAccount(member)}`
              : `${personRoleName(part)} Group ${member}`,
          ),
        );
        assert.deepEqual(bound, named);
        assert.deepEqual(bound, [...new Set(bound)]);
      }),
    );
  });

  it("is no group of Kubernetes' own, and no group twice", () => {
    fc.assert(
      fc.property(withoutFaults, (each) => {
        const groups = peopleSubjects(each, control)
          .flatMap(({ subjects }) => subjects)
          .filter(({ kind }) => kind === "Group")
          .map(({ name: found }) => found);
        assert.deepEqual(
          groups.filter((found) => found.startsWith("system:")),
          [],
        );
        assert.deepEqual(groups, [...new Set(groups)]);
      }),
    );
  });

  it("is told in a fault for each that has one, and for no other: taking those away leaves none", () => {
    fc.assert(
      fc.property(people, (each) => {
        const faulty = new Set(peopleFaults("people", each).map(({ path }) => path));
        const rest = Object.fromEntries(
          parts.map((part) => [
            part,
            (each[part] ?? []).filter((_, index) => !faulty.has(`people.${part}[${String(index)}]`)),
          ]),
        );
        assert.deepEqual(peopleFaults("people", rest), []);
      }),
    );
  });
});

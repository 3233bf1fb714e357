import assert from "node:assert/strict";
import type { Finding } from "../../../cli/doctor/finding";
import {
  judgeRepositories,
  type RepositoriesFacts,
  type TenantFacts,
} from "../../../cli/doctor/judgeRepositories";

const blue: TenantFacts = {
  tenant: "blue",
  key: { kind: "sealed", recipient: "age1blue", readers: ["age1platform"] },
  copy: { recipient: "age1blue" },
  known: "age1blue",
  repository: "there",
  rules: ["age1blue"],
};

const facts: RepositoriesFacts = {
  stack: "prd",
  host: "the Git host",
  platform: "there",
  platformRecipients: ["age1platform", "age1former"],
  tenants: [blue],
};

function judge(changes: Partial<TenantFacts>, others: Partial<RepositoriesFacts> = {}): readonly Finding[] {
  return judgeRepositories({ ...facts, ...others, tenants: [{ ...blue, ...changes }] });
}

const history = "bring the file back from the platform repository's history";

describe("what the doctor says of the repositories", () => {
  it("is nothing where all is well", () => {
    assert.deepEqual(judgeRepositories(facts), []);
  });

  it("is one fault where they can't be read", () => {
    assert.deepEqual(
      judgeRepositories({ ...facts, tenants: [], platform: "absent", unreachable: "ECONNREFUSED" }),
      [
        {
          severity: "fault",
          about: "repository",
          found: "the repositories can't be read: ECONNREFUSED",
          expected: "the Git host to answer",
          remedy: "bin/terp status --stack prd, then bin/terp up --stack prd",
        },
      ],
    );
  });

  for (const [platform, how] of [
    ["empty", "is empty"],
    ["absent", "isn't there"],
  ] as const) {
    it(`is one fault where the platform repository ${how}, whatever it would hold`, () => {
      assert.deepEqual(judge({ key: undefined }, { platform }), [
        {
          severity: "fault",
          about: "repository",
          found: `the Git host: the platform repository ${how}: the tenants' keys are gone with it`,
          expected: "the platform repository with a key for each tenant",
          remedy: "bring it back from a copy of the Git host's data, then bin/terp up --stack prd",
        },
      ]);
    });
  }

  const cases: readonly (readonly [string, Partial<TenantFacts>, Finding])[] = [
    [
      "a tenant's key is missing",
      { key: { kind: "absent" } },
      {
        severity: "fault",
        about: "tenant",
        found: "blue: the platform repository has no tenants/blue/age.yaml",
        expected: "its key, sealed to the platform's",
        remedy: history,
      },
    ],
    [
      "something else is in its place",
      { key: { kind: "unsealed" } },
      {
        severity: "fault",
        about: "tenant",
        found: "blue: tenants/blue/age.yaml in the platform repository isn't a sealed key",
        expected: "its key, sealed to the platform's",
        remedy: history,
      },
    ],
    [
      "it is sealed to another key than the platform's",
      { key: { kind: "sealed", recipient: "age1blue", readers: ["age1lost"] } },
      {
        severity: "fault",
        about: "tenant",
        found: "blue: its key is sealed to age1lost: the platform's key can't open it",
        expected: "sealed to age1platform",
        remedy: "bring the platform's former key back to its store; see docs/recover.md",
      },
    ],
    [
      "the state has another one",
      { known: "age1old" },
      {
        severity: "fault",
        about: "tenant",
        found: "blue: the platform repository has the key of age1blue, the state has age1old",
        expected: "one key in both",
        remedy: `${history}; or, if the repository's is right, delete the resource from the state and type bin/terp up --stack prd`,
      },
    ],
    [
      "the store has no copy of it",
      { copy: "absent" },
      {
        severity: "warning",
        about: "tenant",
        found: "blue: the platform's store has no copy of its sealed key",
        expected: "one, for when the platform repository is lost",
        remedy: "bin/terp up --stack prd",
      },
    ],
    [
      "the store has a copy of another",
      { copy: { recipient: "age1other" } },
      {
        severity: "fault",
        about: "tenant",
        found:
          "blue: the platform repository has the key of age1blue, its copy in the platform's store is that of age1other",
        expected: "the same key in both",
        remedy:
          "find out which one the tenant's files name, then bin/terp up --stack prd, which says how to go on",
      },
    ],
    [
      "the store's copy is of the one before",
      {
        key: { kind: "sealed", recipient: "age1blue", former: ["age1was"], readers: ["age1platform"] },
        copy: { recipient: "age1was" },
      },
      {
        severity: "warning",
        about: "tenant",
        found:
          "blue: the platform repository has the key of age1blue, its copy in the platform's store is that of age1was",
        expected: "the same key in both",
        remedy: "bin/terp up --stack prd",
      },
    ],
    [
      "its repository is empty",
      { repository: "empty", rules: undefined },
      {
        severity: "fault",
        about: "repository",
        found: "the Git host: the repository of blue is empty",
        expected: "what the tenant runs",
        remedy:
          "bring it back from a copy of the Git host's data; without one, bin/terp up --stack prd starts it anew with the example",
      },
    ],
    [
      "its .sops.yaml names another key",
      { rules: ["age1lost"] },
      {
        severity: "fault",
        about: "tenant",
        found: "blue: .sops.yaml in its repository names age1lost: what it seals can't be decrypted",
        expected: "age1blue",
        remedy:
          "in a clone of the tenant's repository, let .sops.yaml name age1blue as `age`; commit and push",
      },
    ],
    [
      "its .sops.yaml names none",
      { rules: [] },
      {
        severity: "fault",
        about: "tenant",
        found: "blue: .sops.yaml in its repository names no age recipient: what it seals can't be decrypted",
        expected: "age1blue",
        remedy:
          "in a clone of the tenant's repository, let .sops.yaml name age1blue as `age`; commit and push",
      },
    ],
    [
      "its repository has no .sops.yaml",
      { rules: undefined },
      {
        severity: "warning",
        about: "tenant",
        found: "blue: its repository has no .sops.yaml",
        expected: "one that names its recipient, so that it seals to the right key",
        remedy:
          "in a clone of the tenant's repository, let .sops.yaml name age1blue as `age`; commit and push",
      },
    ],
  ];
  for (const [when, changes, expected] of cases) {
    it(`is one ${expected.severity} where ${when}`, () => {
      assert.deepEqual(judge(changes), [expected]);
    });
  }

  it("is nothing where a tenant's key is sealed to a former key of the platform, which still opens it", () => {
    assert.deepEqual(judge({ key: { kind: "sealed", recipient: "age1blue", readers: ["age1former"] } }), []);
  });
});

import assert from "node:assert/strict";
import type { Fault } from "../../../infra/fault";
import { pathRule } from "../../../cli/tenant/seal/pathRule";
import { disagreement, recipientFault } from "../../../cli/tenant/seal/recipient";
import { recipientByRules } from "../../../cli/tenant/seal/rules";

const blue = "age1de0quh05tqpm6ndhg9yz8x90ut88gzue9mwnq0vdlw3690ay3svq0h89xk";
const green = "age1m2awkvuyd6mzussd3z79ldwf4ep65enajqpk2jy6f8ce623v6q5qkl8wxa";

const oneAgeKey = {
  expected: "one age recipient: Flux has the tenant's key alone, and nobody else is to read its Secrets",
  remedy: "name the tenant's recipient under `age`, and nothing else; `terp key list` has it",
};

function chosen(text: string, path = "environments/local/secret.yaml"): string | Fault {
  return recipientByRules({ file: ".sops.yaml", text }, path);
}

describe("the recipient that .sops.yaml names for a file", () => {
  const kept: readonly (readonly [why: string, rules: string])[] = [
    ["a rule without path_regex", `creation_rules: [{ age: ${blue} }]`],
    ["a rule whose path_regex matches", `creation_rules: [{ path_regex: "\\\\.ya?ml$", age: ${blue} }]`],
    [
      "a rule that matches from the folder of .sops.yaml on",
      `creation_rules: [{ path_regex: ^environments/local/, age: ${blue} }]`,
    ],
    ["the first of two that match", `creation_rules: [{ age: ${blue} }, { age: ${green} }]`],
    [
      "a later rule where the first doesn't match",
      `creation_rules: [{ path_regex: ^prd/, age: ${green} }, { age: ${blue} }]`,
    ],
    ["a list of one", `creation_rules: [{ age: [${blue}] }]`],
    ["a text with a comma at its end", `creation_rules: [{ age: "${blue}," }]`],
    ["the same one twice", `creation_rules: [{ age: "${blue}, ${blue}" }]`],
    ["a group of keys", `creation_rules: [{ key_groups: [{ age: [${blue}] }] }]`],
    [
      "a group of keys, before what stands beside it",
      `creation_rules: [{ key_groups: [{ age: [${blue}] }], age: ${green} }]`,
    ],
    ["an empty list of other keys beside it", `creation_rules: [{ age: ${blue}, pgp: "", kms: [] }]`],
  ];
  for (const [why, rules] of kept) {
    it(`comes from ${why}`, () => {
      assert.equal(chosen(rules), blue);
    });
  }

  it("is refused where no rule matches", () => {
    assert.deepEqual(chosen(`creation_rules: [{ path_regex: ^prd/, age: ${blue} }]`), {
      path: ".sops.yaml: creation_rules",
      given: "none that matches environments/local/secret.yaml",
      expected: "a rule whose path_regex matches the file's path from the folder of .sops.yaml",
      remedy: "name the file so that a rule matches, or add a rule with the tenant's recipient",
    });
  });

  it("is refused where several could read", () => {
    assert.deepEqual(chosen(`creation_rules: [{ age: "${blue},${green}" }]`), {
      path: ".sops.yaml: creation_rules[0].age",
      given: `${blue}, ${green}`,
      ...oneAgeKey,
    });
  });

  it("is refused where a key of another kind could read", () => {
    assert.deepEqual(
      chosen(`creation_rules: [{ age: ${blue}, pgp: ABCD, azure_keyvault: https://v/keys/k/1 }]`),
      {
        path: ".sops.yaml: creation_rules[0]",
        given: "keys of another kind: pgp, azure_keyvault",
        ...oneAgeKey,
      },
    );
  });

  it("is refused in a group with keys of another kind", () => {
    assert.deepEqual(
      chosen(`creation_rules: [{ key_groups: [{ age: [${blue}], hc_vault: [https://v] }] }]`),
      {
        path: ".sops.yaml: creation_rules[0].key_groups[0]",
        given: "keys of another kind: hc_vault",
        ...oneAgeKey,
      },
    );
  });

  it("is refused where several groups are needed", () => {
    assert.deepEqual(chosen(`creation_rules: [{ key_groups: [{ age: [${blue}] }, { age: [${green}] }] }]`), {
      path: ".sops.yaml: creation_rules[0].key_groups",
      given: "2 groups, of which several are needed to read",
      ...oneAgeKey,
    });
  });

  it("is refused where nobody is named", () => {
    assert.deepEqual(chosen("creation_rules: [{ path_regex: yaml }]"), {
      path: ".sops.yaml: creation_rules[0].age",
      given: "no recipient",
      ...oneAgeKey,
    });
  });

  for (const [text, given] of [
    ["creation_rules: [", "no YAML: BAD_INDENT in line 1"],
    ["", "no `creation_rules`"],
    ["stores: {}", "no `creation_rules`"],
  ] as const) {
    it(`is refused for a file like ${JSON.stringify(text)}`, () => {
      const fault = chosen(text) as Fault;
      assert.equal(fault.path, ".sops.yaml");
      assert.equal(fault.given.replace(/: [A-Z_]+ in line/, ": BAD_INDENT in line"), given);
      assert.equal(fault.expected, "`creation_rules`: a list of rules, each with `age`");
    });
  }

  it("is refused for a path_regex that SOPS wouldn't take", () => {
    assert.deepEqual(chosen(`creation_rules: [{ path_regex: "(?=a)", age: ${blue} }]`), {
      path: ".sops.yaml: creation_rules[0].path_regex",
      given: '"(?=a)": SOPS knows no lookaround and no back-reference',
      expected: "a regular expression in Go's syntax",
      remedy: "write for example \\.ya?ml$",
    });
  });
});

describe("a path_regex", () => {
  const matching: readonly (readonly [string, string, boolean])[] = [
    ["secret", "a/my-secrets/b.yaml", true],
    ["^secret", "a/secret.yaml", false],
    ["\\.ya?ml$", "a.yml", true],
    ["(?i)SECRET", "a/secret.yaml", true],
    ["SECRET", "a/secret.yaml", false],
    ["\\Aenv\\/.*\\.yaml\\z", "env/a.yaml", true],
    ["\\Aenv\\/.*\\.yaml\\z", "my/env/a.yaml", false],
    ["a\\-b\\_c", "x/a-b_c.yaml", true],
    ["(?P<name>prd|dev)/", "prd/a.yaml", true],
    ["[^/]+/\\d{2}", "a/12.yaml", true],
  ];
  for (const [written, path, expected] of matching) {
    it(`${written} ${expected ? "matches" : "doesn't match"} ${path}`, () => {
      assert.equal(pathRule(written).test(path), expected);
    });
  }

  for (const written of ["(", "a(?!b)", "(a)\\1", "[[:alpha:]]"]) {
    it(`${written} is refused`, () => {
      assert.throws(() => pathRule(written), SyntaxError);
    });
  }
});

describe("a recipient", () => {
  const identity = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;

  it("is right with its checksum", () => {
    assert.equal(recipientFault("--recipient", blue), undefined);
  });

  it("is wrong with a letter that was mistyped", () => {
    const mistyped = blue.replace(/k$/, "l");
    assert.deepEqual(recipientFault("--recipient", mistyped), {
      path: "--recipient",
      given: JSON.stringify(mistyped),
      expected: "an age recipient, the public half of a key: age1 and 58 letters and digits",
      remedy: "copy it whole from the .sops.yaml of the tenant's repository, or from `terp key list`",
    });
  });

  it("isn't an identity, and that isn't repeated", () => {
    const fault = recipientFault("--recipient", identity);
    assert.equal(fault?.given, "an age identity, which is a private key");
    assert.ok(!JSON.stringify(fault).includes(identity));
  });

  it("isn't an identity in .sops.yaml either", () => {
    const fault = chosen(`creation_rules: [{ age: ${identity} }]`) as Fault;
    assert.equal(fault.path, ".sops.yaml: creation_rules[0].age");
    assert.ok(!JSON.stringify(fault).includes(identity));
  });
});

describe("recipients that several name", () => {
  it("are no fault where they agree", () => {
    assert.equal(
      disagreement("a.yaml", [
        { by: "--recipient", recipient: blue },
        { by: ".sops.yaml", recipient: blue },
      ]),
      undefined,
    );
  });

  it("are a fault where they don't, with both", () => {
    assert.deepEqual(
      disagreement("a.yaml", [
        { by: "--recipient", recipient: green },
        { by: ".sops.yaml", recipient: blue },
      ]),
      {
        path: "a.yaml",
        given: `${green} by --recipient, ${blue} by .sops.yaml`,
        expected: "one recipient",
        remedy:
          "if the tenant's key was changed, `git pull` brings the .sops.yaml with the new recipient; `terp key list` has every tenant's",
      },
    );
  });
});

import assert from "node:assert/strict";
import { stringify } from "yaml";
import { checkFile } from "../../../cli/tenant/seal/check";
import { decideSeal, type SealQuestion } from "../../../cli/tenant/seal/decision";

const blue = "age1de0quh05tqpm6ndhg9yz8x90ut88gzue9mwnq0vdlw3690ay3svq0h89xk";
const green = "age1m2awkvuyd6mzussd3z79ldwf4ep65enajqpk2jy6f8ce623v6q5qkl8wxa";
const encrypted = "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]";
const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "database" } };
const inClear = stringify({ ...secret, stringData: { password: "hunter2" } });

function sealedTo(...recipients: readonly string[]): string {
  const age = recipients.map((recipient) => ({ recipient }));
  return stringify({ ...secret, stringData: { password: encrypted }, sops: { age, mac: encrypted } });
}

const question: SealQuestion = {
  file: "local/a.yaml",
  text: inClear,
  path: "local/a.yaml",
  rules: {
    file: ".sops.yaml",
    text: `creation_rules: [{ path_regex: ^local/, age: ${blue} }, { age: ${green} }]`,
  },
  neighbours: [],
  named: [],
};

describe("what is done with a file", () => {
  it("is to seal it to the recipient of the rules", () => {
    assert.deepEqual(decideSeal(question), {
      faults: [],
      decided: { file: "local/a.yaml", secret: "database", recipient: blue, isSealed: false },
    });
  });

  it("is to seal it to the recipient that is named, where there are no rules", () => {
    const { decided } = decideSeal({
      ...question,
      rules: undefined,
      named: [{ by: "--recipient", recipient: green }],
    });
    assert.equal(decided?.recipient, green);
  });

  it("is nothing where it is sealed to that recipient", () => {
    assert.equal(decideSeal({ ...question, text: sealedTo(blue) }).decided?.isSealed, true);
  });

  for (const [why, readers] of [
    ["another", [green]],
    ["others too", [blue, green]],
  ] as const) {
    it(`is to refuse it where it is sealed to ${why}`, () => {
      assert.deepEqual(decideSeal({ ...question, text: sealedTo(...readers) }).faults, [
        {
          path: "local/a.yaml",
          given: `sealed to ${readers.join(", ")}`,
          expected: `sealed to ${blue} alone`,
          remedy:
            "write the whole Secret anew, in clear and without the `sops` block, and seal it: nobody else can change who reads it",
        },
      ]);
    });
  }

  it("is to refuse it where nobody names a recipient", () => {
    assert.deepEqual(decideSeal({ ...question, rules: undefined }).faults, [
      {
        path: "local/a.yaml",
        given: "no .sops.yaml in its folder or above, and no --recipient",
        expected: "one recipient",
        remedy:
          "seal it inside a clone of the tenant's repository, which has a .sops.yaml; or name the recipient: --recipient age1…",
      },
    ]);
  });

  it("is to refuse it where rules and option don't agree", () => {
    const { faults } = decideSeal({ ...question, named: [{ by: "--recipient", recipient: green }] });
    assert.deepEqual(
      faults.map(({ given }) => given),
      [`${green} by --recipient, ${blue} by .sops.yaml`],
    );
  });

  it("is to refuse it where the files beside it are sealed to another recipient than the rules name", () => {
    const neighbours = [
      { file: "local/greeting.yaml", path: "local/greeting.yaml", readers: [green] },
      { file: "local/right.yaml", path: "local/right.yaml", readers: [blue] },
    ];
    assert.deepEqual(decideSeal({ ...question, neighbours }).faults, [
      {
        path: ".sops.yaml",
        given: `${blue}, but local/greeting.yaml is sealed to ${green}`,
        expected: "the recipient that the repository's other files are sealed to",
        remedy:
          "`git pull`, if the tenant's key was changed; else the operators' `terp key list` says which is right, and `terp doctor` what Flux can't decrypt",
      },
    ]);
  });

  it("isn't kept from it by files that another rule seals to another recipient", () => {
    const neighbours = [{ file: "prd/a.yaml", path: "prd/a.yaml", readers: [green] }];
    assert.deepEqual(decideSeal({ ...question, neighbours }).faults, []);
  });

  it("is to say what is wrong with the Secret and with the rules at once", () => {
    const { faults } = decideSeal({ ...question, text: stringify(secret), rules: undefined });
    assert.deepEqual(
      faults.map(({ given }) => given),
      ["a Secret without data", "no .sops.yaml in its folder or above, and no --recipient"],
    );
  });
});

describe("the check of a file", () => {
  const { file, path, rules, named } = question;
  const check = (text: string) => checkFile({ file, path, rules, named, text });

  it("counts Secrets that are sealed to the right recipient", () => {
    assert.deepEqual(check(`${sealedTo(blue)}---\n${sealedTo(blue)}`), { sealed: 2, faults: [] });
  });

  it("finds a Secret in clear, and names what is in clear, not its value", () => {
    assert.deepEqual(check(inClear).faults, [
      {
        path: "local/a.yaml: Secret database",
        given: "in clear: stringData.password",
        expected: "a Secret that is sealed as a whole",
        remedy:
          "seal it (`terp seal FILE`); if it was ever pushed, change the value itself: the history keeps it",
      },
    ]);
  });

  it("finds a Secret among other documents, and in a List", () => {
    const list = stringify({ apiVersion: "v1", kind: "List", items: [{ ...secret, data: { a: "AAAA" } }] });
    assert.equal(check(`kind: ConfigMap\n---\n${inClear}`).faults.length, 1);
    assert.equal(check(list).faults.length, 1);
  });

  it("finds a Secret that is sealed to another recipient", () => {
    assert.deepEqual(
      check(sealedTo(green)).faults.map(({ given, expected }) => [given, expected]),
      [[`sealed to ${green}`, `sealed to ${blue} alone`]],
    );
  });

  it("finds a Secret of which something was changed after it was sealed", () => {
    const changed = sealedTo(blue).replace(encrypted, "changed");
    assert.deepEqual(
      check(changed).faults.map(({ given }) => given),
      ["in clear: stringData.password"],
    );
  });

  it("finds a Secret in JSON", () => {
    assert.equal(check(JSON.stringify({ ...secret, stringData: { a: "b" } })).faults.length, 1);
  });

  it("finds a Secret that can't be read", () => {
    const { faults } = check("kind: Secret\nstringData:\n  password: 'hunter2\n");
    assert.equal(faults.length, 1);
    assert.ok(!JSON.stringify(faults).includes("hunter2"));
  });

  for (const [what, text] of [
    ["a Secret without values", stringify(secret)],
    ["a chart's template", "kind: Secret\nstringData:\n  a: {{ .Values.a }}\n  {{- end }}\n"],
    ["another object", "kind: ConfigMap\ndata: { a: b }\n"],
    ["what has nothing to do with Secrets", "a: ["],
  ] as const) {
    it(`leaves ${what} alone`, () => {
      assert.deepEqual(check(text), { sealed: 0, faults: [] });
    });
  }
});

import assert from "node:assert/strict";
import { recipientsInRules, sealedSecretsIn } from "../../../cli/git/sealed";

describe("a sealed file", () => {
  it("tells its Secrets' names and readers, and nothing that isn't sealed", () => {
    const text = `kind: Secret\nmetadata: { name: one }\nsops: { age: [{ recipient: age1a }, { recipient: age1b }] }\n---\nkind: Secret\nmetadata: { name: two }\n`;
    assert.deepEqual(sealedSecretsIn(text), [{ name: "one", readers: ["age1a", "age1b"] }]);
  });

  for (const text of ["", "[", "kind: Secret", "- a", "sops: 1\nkind: Secret\nmetadata: { name: x }\n"]) {
    it(`holds none, or one without readers, in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        sealedSecretsIn(text).flatMap((each) => each.readers),
        [],
      );
    });
  }

  it("has rules that name recipients, alone or in a list, and not in comments", () => {
    const [one, other] = [`age1${"q".repeat(58)}`, `age1${"p".repeat(58)}`];
    const text = `# age1${"z".repeat(58)}\ncreation_rules:\n  - age: "${one},${other}"\n  - key_groups: [{ age: ["${one}"] }]\n`;
    assert.deepEqual(recipientsInRules(text), [one, other]);
    assert.deepEqual(recipientsInRules("["), []);
  });
});

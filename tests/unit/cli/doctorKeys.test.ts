import assert from "node:assert/strict";
import type { Finding } from "../../../cli/doctor/finding";
import { judgeKeys, type KeyFacts } from "../../../cli/doctor/judgeKeys";

const nobody = { settings: undefined, state: undefined, cluster: undefined };

function judge(changes: Partial<KeyFacts> = {}): readonly Finding[] {
  return judgeKeys({
    stack: "prd",
    store: "the folder /keys",
    howToSetAside: "mv a b",
    health: [],
    stored: { isDeleted: false, recipient: "age1a" },
    others: nobody,
    ...changes,
  });
}

describe("what the doctor says of the platform's key", () => {
  it("is nothing where everybody has the store's", () => {
    assert.deepEqual(judge({ others: { settings: "age1a", state: "age1a", cluster: "age1a" } }), []);
  });

  it("is what the store says of itself", () => {
    const health = [
      { severity: "fault", text: "the folder isn't there" },
      { severity: "warning", text: "the vault's purge protection is off" },
    ] as const;
    assert.deepEqual(judge({ health, stored: undefined, others: { ...nobody, state: "age1b" } }), [
      { severity: "fault", about: "key", found: "the folder isn't there" },
      { severity: "warning", about: "key", found: "the vault's purge protection is off" },
    ]);
  });

  it("is a fault where state and cluster have another: one finding for both", () => {
    assert.deepEqual(judge({ others: { settings: "age1a", state: "age1b", cluster: "age1b" } }), [
      {
        severity: "fault",
        about: "key",
        found: "the folder /keys has the key of age1a, the state and the cluster have that of age1b",
        expected: "one key everywhere: with the store's, what is encrypted to the other can't be read",
        remedy:
          "find out which one your files name; if the other, set the store's aside (mv a b) and bring that one back; see docs/recover.md",
      },
    ]);
  });

  it("is a fault for each other key", () => {
    const found = judge({ others: { settings: "age1b", state: "age1c", cluster: "age1a" } }).map(
      (each) => each.found,
    );
    assert.deepEqual(found, [
      "the folder /keys has the key of age1a, the settings have that of age1b",
      "the folder /keys has the key of age1a, the state has that of age1c",
    ]);
  });

  it("is a warning where the cluster still has its predecessor", () => {
    const stored = { isDeleted: false, recipient: "age1a", former: ["age1b"] } as const;
    assert.deepEqual(judge({ stored, others: { ...nobody, cluster: "age1b" } }), [
      {
        severity: "warning",
        about: "key",
        found: "the folder /keys has the key of age1a, the cluster has still its predecessor age1b",
        expected: "the store's key everywhere",
        remedy: "bin/terp up --stack prd",
      },
    ]);
  });
});

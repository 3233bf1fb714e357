import { strict as assert } from "node:assert";
import { AgeKey } from "../../../infra/keys/ageKey";
import { recorder } from "../../support/recorder";
import { resolve } from "../../support/resolve";

describe("AgeKey", () => {
  const args = { store: { kind: "file", folder: "/keys" }, keyName: "platform" } as const;
  const answers = { outputs: () => ({ recipient: "age1test", identity: "the private half" }) };

  it("is one resource, whose code in the state is a path", async () => {
    const record = recorder(answers);
    new AgeKey("platform-key", args);
    await record.settled();
    const { type, inputs } = record.byName("platform-key") as {
      type: string;
      inputs: Record<string, unknown>;
    };
    assert.equal(type, "pulumi-nodejs:dynamic/keys:AgeKey");
    const { __provider: code, ...others } = inputs;
    assert.deepEqual(others, args);
    assert.match(String(code), /loadProvider\("infra\/keys\/ageKeyProvider"\)/);
    assert.ok(String(code).length < 300);
  });

  it("has the outputs that its provider gives", async () => {
    recorder(answers);
    const key = new AgeKey("platform-key", args);
    assert.equal(await resolve(key.recipient), "age1test");
    assert.equal(await resolve(key.identity), "the private half");
  });
});

import { strict as assert } from "node:assert";
import { createPrivateKey, createPublicKey } from "node:crypto";

import { broughtKeys, type BroughtKeysArgs } from "../../../../components/git/broughtKeys";

const args: BroughtKeysArgs = {
  environment: "dev",
  tenant: "team-blue",
  url: "ssh://git@git.example.org/team-blue/apps.git",
};

describe("the deploy key of a repository that a tenant brings along", () => {
  it("is the same in every run, after a lost state too: it follows from the age key", () => {
    assert.deepEqual(broughtKeys("an identity", args), broughtKeys("an identity", args));
  });

  it("doesn't change from one version to the next: its owner would have to exchange it", () => {
    const { publicKey, webhookToken } = broughtKeys("an identity", args);
    assert.deepEqual(
      [publicKey, webhookToken],
      [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHLo8AArrIhb++b+6odt6AHEDVLoBE6ygSVl84hL9lMf",
        "c3f4894d5548f6f5246058b59bcbfb597d21c2b0373180b7e6c206ed9980fb2f",
      ],
    );
  });

  for (const [what, identity, changes] of [
    ["age key", "another identity", {}],
    ["environment", "an identity", { environment: "prd" }],
    ["tenant", "an identity", { tenant: "team-green" }],
    ["repository", "an identity", { url: "ssh://git@git.example.org/team-blue/other.git" }],
  ] as const) {
    it(`is another one for another ${what}, and so is the webhook's token`, () => {
      const [one, other] = [broughtKeys("an identity", args), broughtKeys(identity, { ...args, ...changes })];
      assert.notEqual(one.publicKey, other.publicKey);
      assert.notEqual(one.webhookToken, other.webhookToken);
    });
  }

  it("has halves that belong together, of an ED25519 key", () => {
    const { privateKey, publicKey } = broughtKeys("an identity", args);
    const key = createPrivateKey(privateKey);
    assert.equal(key.asymmetricKeyType, "ed25519");
    const { x = "" } = createPublicKey(key).export({ format: "jwk" });
    const bytes = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
    assert.deepEqual(bytes.subarray(-32), Buffer.from(x, "base64url"));
  });

  it("says nothing of the webhook's token", () => {
    const { privateKey, webhookToken } = broughtKeys("an identity", args);
    const seed = Buffer.from(createPrivateKey(privateKey).export({ format: "jwk" }).d ?? "", "base64url");
    assert.notEqual(seed.toString("hex"), webhookToken);
    assert.match(webhookToken, /^[0-9a-f]{64}$/);
  });
});

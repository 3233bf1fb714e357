import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { basicAuthorization, logAccess, logCredential } from "../../../../components/logs/credentials";
import { resolve } from "../../../support/resolve";

describe("a credential for logs", () => {
  const all = ["key", "another key"].flatMap((key) =>
    ["team-blue", "team-green", "platform"].flatMap((tenant) => [
      logCredential(key, tenant, "read"),
      logCredential(key, tenant, "write"),
    ]),
  );

  it("is another for each key, tenant and right", () => {
    assert.equal(new Set(all.map(({ password }) => password)).size, all.length);
  });

  it("is the same when asked for again", () => {
    assert.deepEqual(logCredential("key", "team-blue", "read"), logCredential("key", "team-blue", "read"));
  });

  it("can't be guessed: its password has 256 bits", () => {
    for (const { password } of all) assert.equal(Buffer.from(password, "base64url").length, 32);
  });

  it("is sent as HTTP's basic authentication", () => {
    assert.equal(
      basicAuthorization({ username: "team-blue", password: "secret" }),
      `Basic ${Buffer.from("team-blue:secret").toString("base64")}`,
    );
  });

  it("is secret, and the same that the gateway knows", async () => {
    const credential = logAccess(pulumi.secret("key")).credentialOf("team-blue", "write");
    assert.ok(await pulumi.isSecret(credential));
    assert.deepEqual(await resolve(credential), logCredential("key", "team-blue", "write"));
  });
});

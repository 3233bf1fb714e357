import { strict as assert } from "node:assert";

import { broughtRepositories, knownHostsOf } from "../../../stacks/broughtRepositories";
import { aConfig } from "../../support/aConfig";
import { recorder } from "../../support/recorder";

const store = { kind: "file", folder: "/keys" } as const;

describe("what repositories are read with that tenants bring along", () => {
  it("is nothing where there is none", async () => {
    const record = recorder();
    broughtRepositories(aConfig(), { store, isKept: true });
    await record.settled();
    assert.deepEqual(record.resources, []);
  });

  it("is one key for all of them, in the store of the platform's key, so that a lost state brings it back", async () => {
    const record = recorder();
    const { identity } = broughtRepositories(aConfig(), { store, isKept: true });
    for (let tenants = 0; tenants < 2; tenants += 1) void identity();
    await record.settled();
    const [key, ...more] = record.resources;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [key?.name, key?.inputs.keyName, key?.inputs.store],
      ["deploy-keys", "deploy-keys", store],
    );
    assert.deepEqual([key?.protect, key?.retainOnDelete], [true, true]);
  });

  it("is the keys of the hosts that the settings name, and of those that publish theirs", () => {
    const line = "git.example.org ssh-ed25519 AAAA";
    const config = aConfig({ tenants: { charts: false, knownHosts: line } });
    assert.equal(broughtRepositories(config, { store, isKept: false }).knownHosts, line);
    assert.match(
      knownHostsOf(config),
      /^git\.example\.org ssh-ed25519 AAAA\ngithub\.com ssh-ed25519 \S+\ngitlab\.com /,
    );
  });
});

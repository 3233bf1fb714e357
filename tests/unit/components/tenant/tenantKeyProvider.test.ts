import { strict as assert } from "node:assert";
import { parse, stringify } from "yaml";

import { GitHostError } from "../../../../components/git/host";
import { keyPath, retiredKeyPath, type SealedKey, storedName } from "../../../../components/tenant/sealedKey";
import type { TenantKeyInputs, TenantKeyOutputs } from "../../../../components/tenant/tenantKeyInputs";
import { TenantKeyProvider } from "../../../../components/tenant/tenantKeyProvider";
import { MemoryGitHost } from "../../../support/memoryGitHost";
import { MemoryStore } from "../../../support/memoryStore";

const platform = "platform/platform";
const tenant = "team-blue";

const inputs: TenantKeyInputs = {
  access: { url: "http://git.test", username: "terp", password: "secret" },
  organisation: "platform",
  repository: "platform",
  tenant,
  namespace: "terp-tenant-team-blue",
  repositoryId: "1",
  platformRecipient: "age1platform",
  platformFormer: [],
  store: { kind: "file", folder: "/keys" },
  backup: "one",
};

/** What SOPS would make, with the clear text gone: what the provider reads of it is in clear anyway. */
function sealed(manifest: string, reader: string): Promise<string> {
  const secret = parse(manifest) as Record<string, unknown>;
  return Promise.resolve(
    stringify({ ...secret, stringData: { "age.agekey": "ENC[…]" }, sops: { age: [{ recipient: reader }] } }),
  );
}

/** A sealed key of a recipient. */
const aKey = (recipient: string, { reader = "age1platform", former = "" } = {}): string =>
  stringify({
    kind: "Secret",
    metadata: { annotations: { "terp.dev/recipient": recipient, "terp.dev/former-recipients": former } },
    sops: { age: [{ recipient: reader }] },
  });

describe("a tenant's key", () => {
  let host: MemoryGitHost;
  let store: MemoryStore<SealedKey>;
  let provider: TenantKeyProvider;
  const aProvider = (): TenantKeyProvider =>
    new TenantKeyProvider({ host: () => host, store: () => store }, sealed);

  beforeEach(() => {
    host = new MemoryGitHost();
    host.make(platform);
    store = new MemoryStore<SealedKey>();
    provider = aProvider();
  });

  const put = (path: string, content: string): void => {
    host.at(platform).files.set(path, { content, version: "1" });
  };
  const inGit = (path = keyPath(tenant)): string | undefined => host.at(platform).files.get(path)?.content;
  const inStore = (): string | undefined => store.keys.get(storedName(tenant))?.text;
  const keep = (recipient: string, text = aKey(recipient)): void => {
    store.keys.set(storedName(tenant), { recipient, readers: ["age1platform"], text });
  };
  const state = (recipient: string): TenantKeyOutputs => ({ ...inputs, recipient });

  it("is made where there is none, sealed, and the store has it before the repository", async () => {
    host.beforeCommit = () => {
      assert.ok(inStore(), "the store has it first");
      return Promise.resolve();
    };
    const { outs } = await provider.create(inputs);
    assert.match(outs?.recipient ?? "", /^age1/);
    assert.equal(inGit(), inStore());
    assert.ok(inGit()?.includes(outs?.recipient ?? "none"));
    assert.ok(!inGit()?.includes("AGE-SECRET-KEY"));
  });

  it("is the store's where a run was killed before the repository had it", async () => {
    host.beforeCommit = () => Promise.reject(new GitHostError("unreachable", "killed"));
    await assert.rejects(provider.create(inputs), /killed/);
    const made = inStore();
    host.beforeCommit = () => Promise.resolve();
    await aProvider().create(inputs);
    assert.equal(inGit(), made);
  });

  it("is one, where two runs are at it", async () => {
    const [one, other] = await Promise.all([aProvider().create(inputs), aProvider().create(inputs)]);
    assert.equal(one.outs?.recipient, other.outs?.recipient);
    assert.equal(inGit(), inStore());
  });

  it("is the repository's, which the store gets a copy of", async () => {
    put(keyPath(tenant), aKey("age1blue"));
    const { outs } = await provider.create(inputs);
    assert.equal(outs?.recipient, "age1blue");
    assert.equal(inStore(), aKey("age1blue"));
  });

  it("is the store's where the repository was lost", async () => {
    keep("age1blue");
    const { outs } = await provider.update(tenant, state("age1blue"), { ...inputs, repositoryId: "2" });
    assert.equal(outs?.recipient, "age1blue");
    assert.equal(inGit(), aKey("age1blue"));
  });

  it("is looked after again when the repository is another one, or the store was lost", async () => {
    const changes = async (news: Partial<TenantKeyInputs>): Promise<boolean | undefined> =>
      (await provider.diff(tenant, state("age1blue"), { ...inputs, ...news })).changes;
    assert.equal(await changes({}), false);
    assert.equal(await changes({ repositoryId: "2" }), true);
    assert.equal(await changes({ backup: "two" }), true);
  });

  it("isn't made anew where the state knows one and both others have lost it", async () => {
    await assert.rejects(
      provider.update(tenant, state("age1blue"), inputs),
      /the state has age1blue, but neither the platform repository nor the test's store has that key; nothing was changed/,
    );
    assert.equal(inGit(), undefined);
    assert.equal(inStore(), undefined);
  });

  it("stops the run where repository and store have two that don't belong together", async () => {
    put(keyPath(tenant), aKey("age1blue"));
    keep("age1green");
    await assert.rejects(
      provider.create(inputs),
      /the platform repository has the key of age1blue, the test's store has the key of age1green; nothing was changed/,
    );
  });

  it("stops the run where the state has another", async () => {
    put(keyPath(tenant), aKey("age1green"));
    await assert.rejects(
      provider.update(tenant, state("age1blue"), inputs),
      /the platform repository has the key of age1green, the state has age1blue; nothing was changed/,
    );
  });

  it("is the newer of two generations, which both have afterwards", async () => {
    put(keyPath(tenant), aKey("age1blue"));
    keep("age1new", aKey("age1new", { former: "age1blue" }));
    store.keys.set(storedName(tenant), {
      recipient: "age1new",
      former: [{ recipient: "age1blue" }],
      readers: ["age1platform"],
      text: aKey("age1new", { former: "age1blue" }),
    });
    const { outs } = await provider.update(tenant, state("age1blue"), inputs);
    assert.equal(outs?.recipient, "age1new");
    assert.equal(inGit(), inStore());
  });

  it("is refused where it is sealed to somebody else, unless that is the platform's former key", async () => {
    put(keyPath(tenant), aKey("age1blue", { reader: "age1old" }));
    await assert.rejects(
      provider.create(inputs),
      /is encrypted to age1old, not to the platform's recipient age1platform/,
    );
    const { outs } = await provider.create({ ...inputs, platformFormer: ["age1old"] });
    assert.equal(outs?.recipient, "age1blue");
  });

  it("is refused where the file is something else", async () => {
    put(keyPath(tenant), "hello: world\n");
    await assert.rejects(provider.create(inputs), /isn't an encrypted key; nothing was changed/);
  });

  it("is retired with the tenant, and comes back with one of its name", async () => {
    const { outs } = await provider.create(inputs);
    await provider.delete(tenant, outs as TenantKeyOutputs);
    assert.equal(inGit(), undefined);
    assert.equal(inGit(retiredKeyPath(tenant)), inStore());
    const again = await provider.create(inputs);
    assert.equal(again.outs?.recipient, outs?.recipient);
  });

  it("has its successor taken over by a refresh, and nothing concluded where nobody answers", async () => {
    put(keyPath(tenant), aKey("age1new", { former: "age1blue" }));
    assert.equal((await provider.read(tenant, state("age1blue"))).props?.recipient, "age1new");
    host.fault = "unreachable";
    assert.deepEqual((await provider.read(tenant, state("age1blue"))).props, state("age1blue"));
  });

  it("that is missing is put back by the update after a refresh", async () => {
    const { props } = await provider.read(tenant, state("age1blue"));
    assert.equal((await provider.diff(tenant, props as TenantKeyOutputs, inputs)).changes, true);
  });
});

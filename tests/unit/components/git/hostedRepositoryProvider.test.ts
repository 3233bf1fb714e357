import { strict as assert } from "node:assert";

import {
  HostedRepositoryProvider,
  type HostedInputs,
  type HostedOutputs,
} from "../../../../components/git/hostedRepositoryProvider";
import type { GitHostFault } from "../../../../components/git/host";
import { MemoryGitHost } from "../../../support/memoryGitHost";

const access = {
  kind: "github",
  url: "https://github.com",
  username: "terp",
  password: "the token",
} as const;
const inputs: HostedInputs = {
  access,
  organisation: "acme",
  repository: "blue-apps",
  purpose: "what runs for the tenant blue",
  visibility: "private",
  guard: { isProtected: true, approvals: 1, byCodeOwners: false },
  leftovers: { deployKeyTitle: "terp dev", webhookHosts: ["hooks.example.org"] },
  files: { "README.md": "read me", CODEOWNERS: "" },
  sealedFiles: {},
};
const place = "acme/blue-apps";

describe("a repository that official packages guard", () => {
  let host: MemoryGitHost;
  let provider: HostedRepositoryProvider;

  beforeEach(() => {
    host = new MemoryGitHost();
    provider = new HostedRepositoryProvider(() => host);
  });

  async function made(changes: Partial<HostedInputs> = {}): Promise<HostedOutputs> {
    const { outs } = await provider.create({ ...inputs, ...changes });
    host.asked.length = 0;
    return outs ?? assert.fail("no outputs");
  }

  async function isChanged(olds: HostedOutputs, changes: Partial<HostedInputs> = {}): Promise<boolean> {
    return (await provider.diff(place, olds, { ...inputs, ...changes })).changes ?? false;
  }

  it("is made with its files in one commit, and known by the host's own name for it", async () => {
    const { id, outs } = await provider.create(inputs);
    assert.deepEqual([id, outs?.repositoryId], [place, host.at(place).id]);
    assert.deepEqual([...host.at(place).files.keys()], ["CODEOWNERS", "README.md"]);
    assert.equal(host.at(place).commits.length, 1);
  });

  it("keeps none of its files in the state", async () => {
    const kept = Object.keys(await made());
    assert.deepEqual(
      kept.filter((name) => /files/i.test(name)),
      [],
    );
  });

  it("is taken over with what it has, and loses what a lost state left", async () => {
    const there = host.make(place);
    there.commits.push("The tenant's");
    there.keys.push(
      { title: "terp dev", publicKey: "the lost one" },
      { title: "terp prd", publicKey: "prd's" },
    );
    await made();
    assert.deepEqual(there.commits, ["The tenant's"]);
    assert.deepEqual(
      there.keys.map(({ title }) => title),
      ["terp prd"],
    );
  });

  it("keeps in a later run what official packages made of it", async () => {
    const outs = await made();
    host.at(place).keys.push({ title: "terp dev", publicKey: "the package's" });
    await provider.update(place, outs, inputs);
    assert.equal(host.at(place).keys.length, 1);
  });

  it("isn't looked at again while nothing changes", async () => {
    const outs = await made();
    assert.equal(await isChanged(outs), false);
    assert.equal(await isChanged(outs, { files: { "README.md": "a newer scaffold" } }), false);
    assert.deepEqual(host.asked, []);
  });

  for (const [what, changes] of [
    ["the token", { access: { ...access, password: "another" } }],
    ["what guards its branch", { guard: { isProtected: true, approvals: 2, byCodeOwners: false } }],
    ["its name", { repository: "red-apps" }],
  ] as const)
    it(`is looked after again when ${what} changes`, async () => {
      assert.equal(await isChanged(await made(), changes), true);
    });

  it("is another one at another host", async () => {
    const news = { ...inputs, access: { ...access, url: "https://github.example.org" } };
    const { replaces } = await provider.diff(place, await made(), news);
    assert.deepEqual(replaces, ["organisation", "repository"]);
  });

  it("is made again in a run after it was lost, if it is watched", async () => {
    const outs = await made({ isWatched: true });
    host.repositories.delete(place);
    assert.equal(await isChanged(outs, { isWatched: true }), true);
  });

  for (const fault of ["unreachable", "unauthenticated", "limited"] satisfies GitHostFault[])
    it(`is taken for what it was while the host is ${fault}`, async () => {
      const outs = await made({ isWatched: true });
      host.fault = fault;
      assert.equal(await isChanged(outs, { isWatched: true }), false);
      assert.deepEqual((await provider.read(place, outs)).props, outs);
    });

  it("is found gone by a refresh", async () => {
    const outs = await made();
    host.repositories.delete(place);
    assert.deepEqual(await provider.read(place, outs), {});
  });

  it("can't be imported: its token would be missing", async () => {
    await assert.rejects(
      provider.read(place),
      /there is nothing in the state to read it with; let "up" create it/,
    );
  });

  it("stays where it is when the resource goes", async () => {
    await made();
    await provider.delete();
    assert.ok(host.repositories.has(place));
  });
});

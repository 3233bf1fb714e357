import { strict as assert } from "node:assert";

import { RepositoryProvider, type RepositoryInputs } from "../../../../components/git/repositoryProvider";
import { makeKeyPair } from "../../../../infra/keys/age";
import { MemoryGitHost } from "../../../support/memoryGitHost";

const place = "platform/platform";

describe("a repository whose .sops.yaml has to name a recipient", () => {
  let host: MemoryGitHost;
  let provider: RepositoryProvider;
  let inputs: RepositoryInputs;
  let [ours, former, others] = ["", "", ""];

  beforeEach(async () => {
    [ours, former, others] = (await Promise.all(
      [1, 2, 3].map(async () => (await makeKeyPair()).recipient),
    )) as [string, string, string];
    host = new MemoryGitHost();
    provider = new RepositoryProvider(() => host);
    inputs = {
      access: { url: "http://git", username: "terp", password: "hidden" },
      organisation: "platform",
      repository: "platform",
      purpose: "what must survive",
      receiver: { namespace: "flux-system", name: "platform" },
      deployKeyTitle: "terp dev",
      files: { ".sops.yaml": `age: ${ours}` },
      sealedFiles: {},
      isWatched: true,
      sealsTo: [ours, former],
    };
  });

  /** A repository that is there already, with these rules. */
  function there(rules: string): void {
    const { files, commits } = host.make(place);
    files.set(".sops.yaml", { content: rules, version: "1" });
    commits.push("Somebody's");
  }

  it("is made with one that does", async () => {
    await provider.create(inputs);
    assert.equal(host.at(place).files.get(".sops.yaml")?.content, `age: ${ours}`);
  });

  for (const [what, rules] of [
    ["the recipient", () => `age: ${ours}`],
    ["one whose place that took", () => `age: ${former}`],
    ["it among others", () => `age: ${others},${ours}`],
    ["none at all", () => "creation_rules: []"],
  ] as const) {
    it(`is taken over if that names ${what}`, async () => {
      there(rules());
      const { outs } = await provider.create(inputs);
      assert.equal(outs?.repositoryId, host.at(place).id);
    });
  }

  it("is refused if that names somebody else alone: what people seal would be theirs", async () => {
    there(`age: ${others}`);
    await assert.rejects(provider.create(inputs), {
      fault: "refused",
      message:
        `the test's Git host, repository platform/platform: its .sops.yaml names ${others}, expected ${ours}; ` +
        `nothing was changed. If ${ours} is the right key, correct that file and push it; else bring the key of ${others} back to its store`,
    });
    assert.deepEqual(host.at(place).keys, [], "nobody may read it then");
  });

  it("stops a later run if that names somebody else since", async () => {
    const { outs } = await provider.create(inputs);
    assert.ok(outs !== undefined);
    host.at(place).files.set(".sops.yaml", { content: `age: ${others}`, version: "2" });
    await assert.rejects(provider.diff(place, outs, inputs), { fault: "refused" });
  });

  it("isn't looked at where no recipient is expected", async () => {
    there(`age: ${others}`);
    assert.equal((await provider.create({ ...inputs, sealsTo: [] })).outs?.repositoryId, host.at(place).id);
  });
});

import { strict as assert } from "node:assert";

import {
  StarterFolderProvider,
  type StarterFolderInputs,
} from "../../../../components/git/starterFolderProvider";
import { MemoryGitHost } from "../../../support/memoryGitHost";

const platform = "platform/platform";
const page = "environments/dev/apps/README.md";
const inputs: StarterFolderInputs = {
  access: { url: "http://git.test", username: "terp", password: "secret" },
  organisation: "platform",
  repository: "platform",
  repositoryId: "1",
  folder: "environments/dev/apps",
  files: { [page]: "ours", CODEOWNERS: "ours" },
};

describe("a folder that is begun in a repository", () => {
  let host: MemoryGitHost;
  let provider: StarterFolderProvider;

  beforeEach(() => {
    host = new MemoryGitHost();
    host.make(platform);
    provider = new StarterFolderProvider(() => host);
  });

  const put = (path: string): void => {
    host.at(platform).files.set(path, { content: "theirs", version: "1" });
  };
  const files = (): Record<string, string> =>
    Object.fromEntries([...host.at(platform).files].map(([path, { content }]) => [path, content]));

  it("is written where it is absent, in one commit beside what is there", async () => {
    put("tenants/platform.yaml");
    put("environments/prd/apps/README.md");
    await provider.create(inputs);
    assert.deepEqual(files(), {
      "tenants/platform.yaml": "theirs",
      "environments/prd/apps/README.md": "theirs",
      [page]: "ours",
      CODEOWNERS: "ours",
    });
    assert.equal(host.at(platform).commits.length, 1);
  });

  it("leaves a file beside it that somebody else wrote", async () => {
    put("CODEOWNERS");
    await provider.create(inputs);
    assert.deepEqual(files(), { [page]: "ours", CODEOWNERS: "theirs" });
  });

  it("stays as it is where it is there, whatever is in it, also without a state", async () => {
    put("environments/dev/apps/other.yaml");
    await provider.create(inputs);
    assert.deepEqual(files(), { "environments/dev/apps/other.yaml": "theirs" });
    assert.deepEqual(host.at(platform).commits, []);
  });

  it("isn't written again for other files, another password, or because it was removed", async () => {
    const news = { ...inputs, access: { ...inputs.access, password: "other" }, files: { [page]: "newer" } };
    assert.deepEqual(await provider.diff("", inputs, news), { changes: false });
  });

  it("is written into a repository that took the other's place", async () => {
    const news = { ...inputs, repositoryId: "2" };
    assert.deepEqual(await provider.diff("", inputs, news), { changes: true });
    await provider.update("", inputs, news);
    assert.equal(files()[page], "ours");
  });

  it("is looked for again where somebody commits at the same time, and theirs stays", async () => {
    let commits = 0;
    host.beforeCommit = () => {
      if (commits++ === 0) put(page);
      return Promise.resolve();
    };
    await provider.create(inputs);
    assert.deepEqual([files(), commits], [{ [page]: "theirs" }, 1]);
  });

  it("says what the host says where it refuses", async () => {
    host.fault = "forbidden";
    await assert.rejects(provider.create(inputs), /forbidden/);
  });
});

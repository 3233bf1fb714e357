import { strict as assert } from "node:assert";

import { LeftKeysProvider, type LeftKeysInputs } from "../../../../components/tenant/leftKeysProvider";
import { keyPath, retiredKeyPath } from "../../../../components/tenant/sealedKey";
import { MemoryGitHost } from "../../../support/memoryGitHost";

const platform = "platform/platform";
const inputs: LeftKeysInputs = {
  access: { url: "http://git.test", username: "terp", password: "secret" },
  organisation: "platform",
  repository: "platform",
  repositoryId: "1",
  tenants: ["team-blue"],
};

describe("the keys of tenants that the program doesn't have", () => {
  let host: MemoryGitHost;
  let provider: LeftKeysProvider;

  beforeEach(() => {
    host = new MemoryGitHost();
    host.make(platform);
    provider = new LeftKeysProvider(() => host);
    put("tenants/platform.yaml", "the marker");
    put(keyPath("team-blue"), "blue's");
    put(keyPath("team-gone"), "the gone one's");
  });

  const put = (path: string, content: string): void => {
    host.at(platform).files.set(path, { content, version: "1" });
  };
  const files = (): Record<string, string> =>
    Object.fromEntries([...host.at(platform).files].map(([path, { content }]) => [path, content]));
  const apart = {
    "tenants/platform.yaml": "the marker",
    [keyPath("team-blue")]: "blue's",
    [retiredKeyPath("team-gone")]: "the gone one's",
  };

  it("are retired by a run without a state, and nothing else is touched", async () => {
    await provider.create(inputs);
    assert.deepEqual(files(), apart);
  });

  it("are retired where an earlier run was killed between its two commits", async () => {
    put(retiredKeyPath("team-gone"), "the gone one's");
    await provider.create(inputs);
    assert.deepEqual(files(), apart);
  });

  it("are retired in a repository that took the other's place", async () => {
    const news = { ...inputs, repositoryId: "2" };
    assert.deepEqual(await provider.diff("", inputs, news), { changes: true });
    await provider.update("", inputs, news);
    assert.deepEqual(files(), apart);
  });

  it("aren't looked for where only a tenant comes or goes: a tenant's own key is retired with it", async () => {
    const news = { ...inputs, tenants: [] };
    assert.deepEqual(await provider.diff("", inputs, news), { changes: false });
  });

  it("make no commit where there is none", async () => {
    await provider.create({ ...inputs, tenants: ["team-blue", "team-gone"] });
    assert.deepEqual(host.at(platform).commits, []);
  });
});

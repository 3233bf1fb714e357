import { strict as assert } from "node:assert";

import { GithubProvider } from "../../../../local/plugins/github/provider";
import type { CreateRequest, DiffRequest } from "../../../../local/plugins/server/provider";
import { unknown, type PropertyMap } from "../../../../local/plugins/server/values";

const keyType = "github:index/repositoryDeployKey:RepositoryDeployKey";
const hookType = "github:index/repositoryWebhook:RepositoryWebhook";
const key: PropertyMap = { repository: "blue-apps", title: "terp dev", key: "ssh-ed25519 A", readOnly: true };

describe("the stand-in for the plugin github", () => {
  const provider = new GithubProvider();
  const create = (type: string, preview: boolean) =>
    provider.create({
      type,
      properties: key,
      preview,
      name: "n",
      urn: "u",
      timeout: 0,
    } satisfies CreateRequest);
  const diff = (type: string, oldInputs: PropertyMap, news: PropertyMap) =>
    provider.diff({
      type,
      oldInputs,
      news,
      olds: oldInputs,
      id: "1",
      urn: "u",
      ignoreChanges: [],
    } satisfies DiffRequest);

  it("previews what would be made, with what GitHub decides unknown", async () => {
    assert.deepEqual((await create(keyType, true)).properties, { ...key, etag: unknown });
  });

  it("makes nothing, and says what does", async () => {
    await assert.rejects(create(keyType, false), {
      message:
        "this stand-in for the plugin github shows previews and reaches no GitHub; install the official plugin: " +
        "pulumi plugin install resource github 6.15.0",
    });
  });

  it("takes another deploy key for another object, and a webhook's other events for a change", async () => {
    assert.deepEqual((await diff(keyType, key, { ...key, key: "ssh-ed25519 B" })).replaces, ["key"]);
    const hook = { repository: "blue-apps", events: ["push"] };
    const changed = await diff(hookType, hook, { ...hook, events: ["push", "ping"] });
    assert.deepEqual([changed.changes, changed.replaces], ["some", []]);
  });

  it("names an argument that is missing", async () => {
    const { failures } = await provider.check({
      type: hookType,
      name: "hook",
      news: { events: ["push"] },
      olds: {},
      urn: "u",
      randomSeed: new Uint8Array(),
      autonaming: undefined,
    });
    assert.deepEqual(
      failures?.map(({ property }) => property),
      ["repository"],
    );
  });

  it("has no other kind", () => {
    assert.throws(() => create("github:index/team:Team", true), /and no github:index\/team:Team$/);
  });
});

import { strict as assert } from "node:assert";

import {
  RepositoryProvider,
  type RepositoryInputs,
  type RepositoryOutputs,
} from "../../../../components/git/repositoryProvider";
import { webhookUrl } from "../../../../components/webhook";
import { MemoryGitHost } from "../../../support/memoryGitHost";

const receiver = { namespace: "terp-tenant-team-blue", name: "apps" };
const inputs: RepositoryInputs = {
  access: { url: "http://git", username: "terp", password: "the host's password" },
  organisation: "team-blue",
  repository: "apps",
  purpose: "what runs for the tenant team-blue",
  receiver,
  deployKeyTitle: "terp dev",
  files: { "README.md": "read me" },
  sealedFiles: {},
};
const place = "team-blue/apps";

describe("a push to a repository", () => {
  let host: MemoryGitHost;
  let provider: RepositoryProvider;

  beforeEach(() => {
    host = new MemoryGitHost();
    provider = new RepositoryProvider(() => host);
  });

  /** What a first run leaves in the state. */
  async function made(): Promise<RepositoryOutputs> {
    return (await provider.create(inputs)).outs ?? assert.fail("no outputs");
  }

  it("is told to the repository's Receiver, and signed with a token that goes to the state", async () => {
    const { webhookToken } = await made();
    assert.deepEqual(host.at(place).webhooks, [
      { url: webhookUrl(webhookToken, receiver), token: webhookToken },
    ]);
  });

  it("is told to nobody where no Receiver is named", async () => {
    await provider.create({ ...inputs, receiver: undefined });
    assert.deepEqual(host.at(place).webhooks, []);
  });

  it("is signed with 256 bits that nobody can guess", async () => {
    const { webhookToken } = await made();
    assert.match(webhookToken, /^[0-9a-f]{64}$/);
  });

  it("is signed by each repository in its own way", async () => {
    const one = await made();
    host.repositories.clear();
    assert.notEqual((await made()).webhookToken, one.webhookToken);
  });

  it("is told after the files are there: the first commit needs no word of it", async () => {
    await made();
    assert.ok(host.asked.indexOf("ensureWebhook") > host.asked.indexOf("commit"));
  });

  it("is signed with the same token when the repository is looked after again", async () => {
    const olds = await made();
    const { outs } = await provider.update(place, olds, inputs);
    assert.equal(outs?.webhookToken, olds.webhookToken);
    assert.equal(host.at(place).webhooks.length, 1);
  });

  it("is signed with a token from the next run on, where the state is from before there was one", async () => {
    const olds = await made();
    Reflect.deleteProperty(olds, "webhookToken");
    host.at(place).webhooks.length = 0;
    const { outs } = await provider.update(place, olds, inputs);
    const token = outs?.webhookToken ?? "";
    assert.match(token, /^[0-9a-f]{64}$/);
    assert.deepEqual(host.at(place).webhooks, [{ url: webhookUrl(token, receiver), token }]);
  });

  it("is told with a new token after a lost state, and with that alone", async () => {
    const lost = await made();
    const { webhookToken } = await made();
    assert.notEqual(webhookToken, lost.webhookToken);
    assert.deepEqual(
      host.at(place).webhooks.map(({ token }) => token),
      [webhookToken],
    );
  });
});

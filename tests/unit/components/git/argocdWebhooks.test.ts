import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { webhookUrl } from "../../../../components/webhook";
import { made, receiver } from "../../../support/hostedRepository";

const argocd = { url: "https://argocd.example.org/api/webhook", token: pulumi.secret("Argo CD's token") };

/** The Receiver's. */
const called = webhookUrl("the webhook's token", receiver, "https://hooks.example.org");
const place = "acme/blue-apps";
const project = "acme/teams/blue-apps";

describe("a repository that Argo CD applies", () => {
  it("has GitHub call Argo CD beside its Receiver, with Argo CD's own token", async () => {
    const { record } = await made("github", { request: { webhook: argocd } });
    const { events, active, configuration } = record.byName(`ArgocdWebhook/${place}`).inputs;
    assert.deepEqual([events, active], [["push"], true]);
    assert.deepEqual(record.plain(configuration), {
      url: "https://argocd.example.org/api/webhook",
      contentType: "json",
      insecureSsl: false,
      secret: "Argo CD's token",
    });
    assert.deepEqual(record.byName(`ArgocdWebhook/${place}`).secretOutputs, ["configuration"]);
    const other = record.plain(record.byName(`RepositoryWebhook/${place}`).inputs.configuration);
    assert.equal((other as { url: string }).url, called);
    assert.deepEqual(record.byName(`HostedRepository/${place}`).inputs.leftovers.webhookHosts, [
      "hooks.example.org",
      "argocd.example.org",
    ]);
  });

  it("has GitLab call Argo CD beside its Receiver, with Argo CD's own token", async () => {
    const { record } = await made("gitlab", { request: { webhook: argocd } });
    const { inputs, secretOutputs } = record.byName(`ArgocdWebhook/${project}`);
    assert.deepEqual(
      [inputs.project, inputs.url, record.plain(inputs.token), inputs.pushEvents],
      [project, "https://argocd.example.org/api/webhook", "Argo CD's token", true],
    );
    assert.ok(record.isSecret(inputs.token));
    assert.deepEqual(secretOutputs, ["token"]);
    assert.equal(record.plain(record.byName(`ProjectHook/${project}`).inputs.url), called);
  });

  for (const kind of ["github", "gitlab"] as const)
    it(`lets go at ${kind} of what calls Argo CD, which goes when the tenant's engine changes`, async () => {
      const { record } = await made(kind, { request: { webhook: argocd }, options: { protect: true } });
      const hooks = record.resources.filter((each) => each.name.startsWith("ArgocdWebhook/"));
      assert.deepEqual(
        hooks.map(({ protect }) => protect),
        [false],
      );
    });
});

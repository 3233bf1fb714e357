import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { Argocd, type ArgocdArgs } from "../../../../components/argocd/argocd";
import { argocdArgs } from "../../../support/argocd/argocdArgs";
import { recorder, type Recorded, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const pages: ArgocdArgs["pages"] = {
  host: "argocd.platform.test",
  groups: { operators: [], viewers: [] },
};

function made(changes: Partial<ArgocdArgs>): { readonly record: Recorder; readonly argocd: Argocd } {
  const outputs = ({ name }: Recorded): Record<string, unknown> => ({
    result: `password ${name}`,
    bcryptHash: "hash",
  });
  const record = recorder({ outputs });
  return { record, argocd: new Argocd("argocd", { ...argocdArgs, ...changes }) };
}

describe("Argo CD's webhook", () => {
  for (const pushedBy of ["github", "gitlab", undefined] as const)
    it(`believes no Git host that isn't its own, with pushes from ${pushedBy ?? "none"}`, async () => {
      const { record } = made({ pages, pushedBy });
      await record.settled();
      const secret = record.byName("Secret/argocd/argocd-secret").inputs.stringData;
      assert.ok(record.isSecret(secret));
      const kept = Object.entries(record.plain(secret) as Record<string, string>);
      const known = kept.filter(([key]) => key.startsWith("webhook."));
      assert.deepEqual(
        Object.fromEntries(known),
        Object.fromEntries(
          [
            "github.secret",
            "gitlab.secret",
            "gogs.secret",
            "bitbucket.uuid",
            "bitbucketserver.secret",
            "azuredevops.username",
            "azuredevops.password",
          ].map((key) => [
            `webhook.${key}`,
            `password ${key === `${pushedBy ?? "none"}.secret` ? "argocd-webhooks" : "argocd-no-webhooks"}`,
          ]),
        ),
      );
    });

  it("gives its Git host the address of its pages and what it knows it by, which is secret", async () => {
    const { webhook } = made({ pages, pushedBy: "github" }).argocd;
    assert.equal(webhook?.url, "https://argocd.platform.test/api/webhook");
    const token = webhook.token as pulumi.Output<string>;
    assert.deepEqual(
      [await resolve(token), await pulumi.isSecret(token)],
      ["password argocd-webhooks", true],
    );
  });

  it("gives a Git host nothing where it has no pages, or none reaches them", () => {
    for (const changes of [{ pages }, { pushedBy: "github" as const }])
      assert.equal(made(changes).argocd.webhook, undefined);
  });
});

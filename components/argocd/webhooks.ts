import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { PushWebhook, WebhookKind } from "../webhook";

/** Where Argo CD's server takes a Git host's word, for everybody who reaches its pages. */
const path = "/api/webhook";

/** The keys of `argocd-secret` by which Argo CD knows each Git host that it takes a word of: https://argo-cd.readthedocs.io/en/release-3.2/operator-manual/webhook/ */
const keys = [
  "webhook.github.secret",
  "webhook.gitlab.secret",
  "webhook.gogs.secret",
  "webhook.bitbucket.uuid",
  "webhook.bitbucketserver.secret",
  "webhook.azuredevops.username",
  "webhook.azuredevops.password",
] as const;

const ownKey: Readonly<Record<WebhookKind, (typeof keys)[number]>> = {
  github: "webhook.github.secret",
  gitlab: "webhook.gitlab.secret",
};

/** What Git hosts show Argo CD: that of the environment's own, and what none of the others is ever given. */
export interface WebhookTokens {
  readonly own: string;
  readonly others: string;
}

/**
 * What `argocd-secret` has about webhooks. Each key has a value: who sends what looks like a Git host's word isn't asked for
 * anything where that host's key has none.
 *
 * @param host The environment's own Git host, where it reaches Argo CD.
 */
export function webhookSecrets(
  host: WebhookKind | undefined,
  { own, others }: WebhookTokens,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keys.map((key) => [key, host !== undefined && key === ownKey[host] ? own : others]),
  );
}

/** Makes what Git hosts show Argo CD. Another one after a lost state, in the webhooks and in Argo CD alike. Secret. */
export function webhookTokens(options: pulumi.CustomResourceOptions): pulumi.Output<WebhookTokens> {
  const generated = { ...options, additionalSecretOutputs: ["result"] };
  const token = (name: string): pulumi.Output<string> =>
    new random.RandomPassword(name, { length: 64, special: false }, generated).result;
  const both = pulumi.all([token("argocd-webhooks"), token("argocd-no-webhooks")]);
  return pulumi.secret(both.apply(([own, others]): WebhookTokens => ({ own, others })));
}

/** The address that a Git host calls, below that of Argo CD's pages. */
export function pushWebhook(url: string, tokens: pulumi.Output<WebhookTokens>): PushWebhook {
  return { url: `${url}${path}`, token: tokens.apply(({ own }) => own) };
}

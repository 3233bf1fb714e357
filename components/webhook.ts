/** The address by which a Git host says that something was pushed: what makes the webhook and what receives it must agree. */
import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";

import { fluxNamespace, webhookService } from "./flux/names";

/** How a Git host shows that its word of a push is its own: GitHub and Gitea sign it, GitLab sends the token. */
export type WebhookKind = "github" | "gitlab";

/** What a Git host calls at each push, beside a Receiver. */
export interface PushWebhook {
  readonly url: string;
  /** Secret. */
  readonly token: pulumi.Input<string>;
}

/** What a Git host is told to call. */
export interface WebhookTarget {
  /** The Receiver's namespace and name, which its path is made from. */
  readonly namespace: string;
  readonly name: string;
}

const withinCluster = `http://${webhookService}.${fluxNamespace}.svc.cluster.local`;

/**
 * The address at which a Receiver listens. Its path follows from its token, so that only who has that can
 * find it: https://fluxcd.io/flux/components/notification/receivers/#webhook-path
 *
 * @param base By which the Git host reaches Flux's Service `webhook-receiver`, without a slash at the end; from inside the cluster
 * unless given.
 */
export function webhookUrl(token: string, { namespace, name }: WebhookTarget, base = withinCluster): string {
  const digest = createHash("sha256").update(`${token}${name}${namespace}`).digest("hex");
  return `${base}/hook/${digest}`;
}

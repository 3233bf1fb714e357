import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type Ownership } from "../metadata";
import { webhookSecret } from "./names";

/** The API version of Flux's Receivers. */
export const receiverApi = "notification.toolkit.fluxcd.io/v1";

/** How a Git host shows that its word is its own: GitHub and Gitea sign it, GitLab sends the token. */
export type ReceiverType = "github" | "gitlab";

/** What a Git host calls its word of a push, and of the webhook itself. */
const events: Readonly<Record<ReceiverType, readonly string[]>> = {
  github: ["ping", "push"],
  gitlab: ["Push Hook"],
};

/**
 * A Receiver's `spec`: whoever calls it and knows the token, has one GitRepository looked at.
 *
 * @param repository Name of the GitRepository beside it.
 */
export function receiverSpec(repository: string, type: ReceiverType = "github"): object {
  return {
    type,
    events: events[type],
    secretRef: { name: webhookSecret },
    resources: [{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: repository }],
  };
}

/** What {@link receiver} makes is for, and where. */
export interface ReceiverArgs {
  readonly owner: Ownership;
  readonly namespace: string;
  /** Name of the GitRepository beside it, which the Receiver is called after. */
  readonly repository: string;
  /** What the Git host shows that its word is its own. */
  readonly webhook: {
    readonly type: ReceiverType;
    /** Secret. */
    readonly token: pulumi.Input<string>;
  };
}

/** A Receiver beside a GitRepository, with its token: a push is applied at once, and the repository need not be asked. */
export function receiver(args: ReceiverArgs, options: pulumi.CustomResourceOptions): pulumi.Resource {
  const { owner, namespace, repository, webhook } = args;
  const own = (name: string): ReturnType<typeof metadata> => metadata(owner, { name, namespace });
  const secret = new kubernetes.core.v1.Secret(
    logicalName("Secret", webhookSecret, namespace),
    { metadata: own(webhookSecret), stringData: pulumi.secret({ token: webhook.token }) },
    options,
  );
  return new kubernetes.apiextensions.CustomResource(
    logicalName("Receiver", repository, namespace),
    {
      apiVersion: receiverApi,
      kind: "Receiver",
      metadata: own(repository),
      spec: receiverSpec(repository, webhook.type),
    },
    { ...options, dependsOn: [secret] },
  );
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata } from "../metadata";
import { namespaceNamed, tcp } from "../networkPolicy";
import { fluxNamespace, notificationController, webhookPort } from "./names";

export interface OutsideWebhooksArgs {
  /** The stack's name. */
  readonly environment: string;
  /** The namespace of what passes on what Git hosts outside the cluster say: the ingress controller or gateway. */
  readonly namespace: string;
}

/** Lets what passes requests on into the cluster reach Flux's Receivers, beside the Git host inside, which always may. */
export class OutsideWebhooks extends pulumi.ComponentResource {
  constructor(
    resourceName: string,
    { environment, namespace }: OutsideWebhooksArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("terp:flux:OutsideWebhooks", resourceName, {}, options);
    const name = "webhooks-from-outside";
    new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", name, fluxNamespace),
      {
        metadata: metadata({ environment, role: "platform" }, { name, namespace: fluxNamespace }),
        spec: {
          podSelector: { matchLabels: { app: notificationController } },
          policyTypes: ["Ingress"],
          ingress: [{ from: [namespaceNamed(namespace)], ports: tcp(webhookPort) }],
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

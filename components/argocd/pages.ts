import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { gatewayApi, gatewayNamespace, platformGateway } from "../gateway/names";
import type { WebhookKind } from "../webhook";
import { logicalName } from "../metadata";
import { argocdNamespace, argocdOwnSecret, argocdPorts, argocdServer } from "./names";
import type { ArgocdObjects } from "./objects";
import { serverPod } from "./pods";
import { serverRules } from "./rights";
import { clientSecretKey, type ArgocdGroups, type ArgocdLogin } from "./settings";
import { webhookSecrets, type WebhookTokens } from "./webhooks";

/** Where people see their applications, and who they are. */
export interface ArgocdPages {
  /** The host name by which browsers reach them, by HTTPS, through the platform's Gateway. */
  readonly host: string;
  /** How people log in; absent where the identity provider has no client for it. */
  readonly login?: (ArgocdLogin & { /** Secret. */ readonly clientSecret: pulumi.Input<string> }) | undefined;
  readonly groups: ArgocdGroups;
}

/** Argo CD's own Secret, which each of its parts reads. */
export interface ArgocdSecret {
  readonly secret: pulumi.Resource;
  /** The password of `admin`, where that is how one logs in. Secret. */
  readonly password?: pulumi.Output<string> | undefined;
}

/** What {@link argocdSecret} holds. */
export interface ArgocdSecretArgs {
  readonly pages?: ArgocdPages | undefined;
  /** The Git host that tells it of pushes. */
  readonly pushedBy?: WebhookKind | undefined;
  /** Secret. */
  readonly tokens: pulumi.Output<WebhookTokens>;
}

/**
 * Makes Argo CD's own Secret: the key that sessions are signed with, what logging in needs, and what Git hosts are known by. Sessions
 * end, and `admin` has another password, after a lost state.
 */
export function argocdSecret(
  objects: ArgocdObjects,
  { pages, pushedBy, tokens }: ArgocdSecretArgs,
  options: pulumi.CustomResourceOptions,
): ArgocdSecret {
  const name = argocdOwnSecret;
  const generated = { ...options, additionalSecretOutputs: ["result", "bcryptHash"] };
  const key = new random.RandomPassword("argocd-sessions", { length: 44, special: false }, generated);
  const admin =
    pages !== undefined && pages.login === undefined
      ? new random.RandomPassword("argocd-admin", { length: 32, special: false }, generated)
      : undefined;
  const secret = new kubernetes.core.v1.Secret(
    logicalName("Secret", name, argocdNamespace),
    {
      metadata: objects.own(name, { "app.kubernetes.io/part-of": "argocd" }),
      stringData: tokens.apply((all) => ({
        ...webhookSecrets(pushedBy, all),
        "server.secretkey": key.result,
        ...(pages?.login && { [clientSecretKey]: pages.login.clientSecret }),
        ...(admin && {
          "admin.password": admin.bcryptHash,
          // Sessions from before it don't count: any time before the first does.
          "admin.passwordMtime": "2026-01-01T00:00:00Z",
        }),
      })),
    },
    options,
  );
  return { secret, password: admin && pulumi.secret(admin.result) };
}

/** What {@link argocdPages} needs to know. */
export interface ArgocdPagesArgs {
  readonly image: string;
  readonly host: string;
  readonly settingsDigest: pulumi.Output<string>;
}

/** Makes Argo CD's pages, and the route to them. */
export function argocdPages(
  objects: ArgocdObjects,
  { image, host, settingsDigest }: ArgocdPagesArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const account = objects.account(argocdServer, options);
  const rights = objects.role(argocdServer, serverRules, options);
  objects.deployment(
    argocdServer,
    settingsDigest.apply((digest) => serverPod({ image, settingsDigest: digest })),
    pulumi.mergeOptions(options, { dependsOn: [account, ...rights] }),
  );
  objects.service(argocdServer, { http: argocdPorts.server }, options);
  new kubernetes.apiextensions.CustomResource(
    logicalName("HTTPRoute", argocdServer, argocdNamespace),
    {
      apiVersion: gatewayApi,
      kind: "HTTPRoute",
      metadata: objects.own(argocdServer),
      spec: {
        parentRefs: [{ name: platformGateway, namespace: gatewayNamespace }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: argocdServer, port: argocdPorts.server }] }],
      },
    },
    options,
  );
}

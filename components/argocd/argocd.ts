import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { PushWebhook, WebhookKind } from "../webhook";
import { resourceOf } from "../manifest";
import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { emptyProjectSpec } from "./application";
import { argocdApplicationSets } from "./applicationSets";
import { argocdCrds, type ArgocdCrds } from "./crds";
import { operatorsKinds, type ManagedKind } from "./kinds";
import {
  applicationController,
  argocdApi,
  argocdNamespace,
  argocdPorts,
  argocdRedis,
  impersonatorRole,
  repoServer,
} from "./names";
import { argocdNetwork } from "./network";
import { ArgocdObjects } from "./objects";
import { argocdPages, argocdSecret, type ArgocdPages } from "./pages";
import { controllerPod } from "./pods";
import { argocdRedisOf } from "./redis";
import { repoServerPod } from "./repoServer";
import { controllerRules, impersonatorRules, readerRules } from "./rights";
import { argocdConfiguration, argocdPolicy } from "./settings";
import { pushWebhook, webhookTokens } from "./webhooks";

export interface ArgocdArgs {
  /** The stack's name. */
  readonly environment: string;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** Argo CD's image. */
  readonly image: string;
  /** The image of its cache, with `redis-server` on its PATH. */
  readonly redisImage: string;
  readonly crds: ArgocdCrds;
  /** What tenants may have applied. */
  readonly kinds: readonly ManagedKind[];
  /** The name of tenants' reconcilers, in their control namespaces. */
  readonly reconciler: string;
  /** How often each repository is asked for its newest commit, e.g. `30s`. */
  readonly poll: string;
  /** Lines by which it knows the Git host. */
  readonly knownHosts: pulumi.Input<string>;
  /** Its pages; absent where no gateway brings people there. */
  readonly pages?: ArgocdPages | undefined;
  /** The Git host that tells it of pushes, by way of its pages; absent where none reaches them. */
  readonly pushedBy?: WebhookKind | undefined;
  /** Whether Applications are made of files in tenants' repositories. @default false */
  readonly hasServices?: boolean | undefined;
}

/**
 * Argo CD, with nothing in it: tenants bring a project and an Application each.
 *
 * It is not cluster-admin. It reads the kinds that tenants may have applied, but no Secret outside its own namespace, and applies
 * as the tenants' reconcilers.
 */
export class Argocd extends pulumi.ComponentResource {
  /** What must be there before a project or an Application is made. */
  readonly ready: readonly pulumi.Resource[];
  /** Where people see their applications; absent where no gateway brings them there. */
  readonly url?: string;
  /** The password of `admin`; absent where people log in by the identity provider, or there are no pages. Secret. */
  readonly password?: pulumi.Output<string>;
  /** What the Git host calls when something is pushed; absent where it reaches no pages. */
  readonly webhook?: PushWebhook;

  private readonly owner: Ownership;
  private readonly objects: ArgocdObjects;

  /**
   * @param name Logical name.
   * @throws if the definitions can't be read.
   */
  constructor(name: string, args: ArgocdArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:argocd:Argocd", name, {}, options);
    this.owner = { environment: args.environment, role: "platform" };
    this.objects = new ArgocdObjects(this.owner);
    const { objects } = this;
    const { image, poll, pages } = args;
    const labels = restrictedPods(args.podSecurityVersion);
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", argocdNamespace),
      { metadata: metadata(this.owner, { name: argocdNamespace, labels }) },
      { parent: this },
    );
    const within = { parent: this, dependsOn: [namespace] };
    const crds = argocdCrds(args.crds).map((manifest) =>
      resourceOf(
        logicalName(manifest.kind, manifest.metadata.name),
        { ...manifest, metadata: metadata(this.owner, manifest.metadata) },
        { parent: this },
      ),
    );
    const project = new kubernetes.apiextensions.CustomResource(
      logicalName("AppProject", "default", argocdNamespace),
      { apiVersion: argocdApi, kind: "AppProject", metadata: objects.own("default"), spec: emptyProjectSpec },
      { parent: this, dependsOn: [namespace, ...crds] },
    );
    const tokens = webhookTokens(within);
    const { secret, password } = argocdSecret(objects, { pages, pushedBy: args.pushedBy, tokens }, within);
    const redis = argocdRedisOf(objects, args.redisImage, within);
    const settingsDigest = redis.passwordDigest;
    const service = objects.service(repoServer, { grpc: argocdPorts.repoServer }, within);
    const before = {
      parent: this,
      dependsOn: [
        project,
        secret,
        redis.ready,
        service,
        ...this.rights(args, within),
        ...this.settings(args, within),
      ],
    };
    const fetching = objects.deployment(
      repoServer,
      settingsDigest.apply((digest) => repoServerPod({ image, poll, settingsDigest: digest })),
      before,
    );
    const applying = objects.deployment(
      applicationController,
      settingsDigest.apply((digest) => controllerPod({ image, poll, settingsDigest: digest })),
      before,
    );
    if (pages !== undefined) argocdPages(objects, { image, host: pages.host, settingsDigest }, before);
    if (pages !== undefined) {
      this.url = `https://${pages.host}`;
      if (args.pushedBy !== undefined) this.webhook = pushWebhook(this.url, tokens);
    }
    if (password !== undefined) this.password = password;
    const making =
      args.hasServices === true
        ? argocdApplicationSets(objects, { owner: this.owner, image, kinds: args.kinds }, before)
        : [];
    this.ready = [project, ...crds, fetching, applying, ...making];
    this.registerOutputs();
  }

  /** Accounts, what each may do, and whom each reaches. */
  private rights(args: ArgocdArgs, within: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { objects } = this;
    return [
      ...[argocdRedis, repoServer, applicationController].map((name) => objects.account(name, within)),
      ...objects.role(applicationController, controllerRules, within),
      new kubernetes.rbac.v1.ClusterRole(
        logicalName("ClusterRole", impersonatorRole),
        {
          metadata: metadata(this.owner, { name: impersonatorRole }),
          rules: impersonatorRules(args.reconciler),
        },
        { parent: this },
      ),
      ...objects.clusterRole(
        "terp-argocd-reader",
        readerRules([...args.kinds, ...operatorsKinds]),
        { parent: this },
        applicationController,
      ),
      ...Object.entries(
        argocdNetwork({
          hasLogin: args.pages?.login !== undefined,
          hasServices: args.hasServices === true,
        }),
      ).map(
        ([name, spec]) =>
          new kubernetes.networking.v1.NetworkPolicy(
            logicalName("NetworkPolicy", name, argocdNamespace),
            { metadata: objects.own(name), spec },
            within,
          ),
      ),
    ];
  }

  /** What Argo CD reads of its namespace. */
  private settings(
    { kinds, pages, knownHosts }: ArgocdArgs,
    within: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    const { objects } = this;
    const url = pages && `https://${pages.host}`;
    const groups = pages?.groups ?? { operators: [], viewers: [] };
    return [
      objects.settings(
        "argocd-cm",
        argocdConfiguration({ kinds: [...kinds, ...operatorsKinds], url, login: pages?.login }),
        within,
      ),
      objects.settings("argocd-rbac-cm", argocdPolicy(groups), within),
      objects.settings("argocd-ssh-known-hosts-cm", { ssh_known_hosts: knownHosts }, within),
    ];
  }
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AgeKeyPair } from "../../infra/keys/age";
import { logicalName, metadata, type ObjectMetadata, type Ownership } from "../metadata";
import type { PolicyRule } from "../policyRule";
import { gitAccessData } from "./gitAccess";
import {
  fluxNamespace,
  gitAccessSecret,
  platformKeySecret,
  platformMarker,
  platformReconcilerAccount,
  tenantKeySecret,
} from "./names";
import { receiver, type ReceiverArgs } from "./receiver";
import {
  ageKeyData,
  gitRepositorySpec,
  kustomizationSpec,
  kustomizeApi,
  sourceApi,
  type SyncPace,
} from "./sync";

export interface PlatformSyncArgs {
  /** The stack's name. */
  readonly environment: string;
  /** Address of the platform repository, by SSH. */
  readonly url: pulumi.Input<string>;
  /** The branch that is applied. */
  readonly branch: string;
  /** Lines for `known_hosts` that name the Git host's keys. */
  readonly knownHosts: pulumi.Input<string>;
  /** Private half of the deploy key. Secret. */
  readonly privateKey: pulumi.Input<string>;
  /** What the Git host shows that its word of a push is its own; absent where it reaches no Receiver. */
  readonly webhook?: ReceiverArgs["webhook"] | undefined;
  /** Public half of the platform's age key. */
  readonly recipient: pulumi.Input<string>;
  /** Private half of the platform's age key. Secret. */
  readonly identity: pulumi.Input<string>;
  /** The keys that it took the place of. Secret. */
  readonly former: pulumi.Input<AgeKeyPair["former"]>;
  readonly pace: SyncPace;
}

/** The name of the platform repository's GitRepository. */
export const platformSource = "platform";
const name = platformSource;

/**
 * What the platform repository may hold, and so what the account that applies it may write: tenants' keys, known by
 * their name, and the marker. The names in the rules hold for creation too, because server-side apply names what it makes.
 */
export const platformRules: PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["secrets"],
    resourceNames: [tenantKeySecret],
    verbs: ["get", "create", "update", "patch"],
  },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: [platformMarker],
    verbs: ["get", "create", "update", "patch"],
  },
];

/** The files that a new platform repository starts with. @param recipient the platform's, for who seals by hand */
export function platformScaffold(environment: string, recipient: string): Record<string, string> {
  return {
    ".sops.yaml": `creation_rules:
  - encrypted_regex: ^(data|stringData)$
    age: ${recipient}
`,
    "README.md": `# Platform repository of the environment \`${environment}\`

What must survive the cluster: each tenant's age key, encrypted to the platform's key. Terp writes here and Flux applies the
folder \`tenants\`; nobody needs to change anything by hand.

- \`tenants/<tenant>/age.yaml\`: the key of a tenant, as the Secret that its reconciler decrypts with
- \`retired/<tenant>/age.yaml\`: the key of a tenant that is gone; one of that name gets it back
`,
    // Flux refuses a folder without objects, and before the first tenant there is no other.
    "tenants/platform.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${platformMarker}
  namespace: ${fluxNamespace}
data:
  environment: ${JSON.stringify(environment)}
`,
  };
}

/** Applies the platform repository: the tenants' keys, decrypted with the platform's, go to the tenants' control namespaces. */
export class PlatformSync extends pulumi.ComponentResource {
  /** Exists once the rest of it does. */
  readonly ready: pulumi.Resource;

  constructor(resourceName: string, args: PlatformSyncArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:flux:PlatformSync", resourceName, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const own = (objectName: string): ObjectMetadata =>
      metadata(owner, { name: objectName, namespace: fluxNamespace });
    const within = { parent: this };
    const role = `terp-${platformReconcilerAccount}`;

    const account = new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", platformReconcilerAccount, fluxNamespace),
      { metadata: own(platformReconcilerAccount), automountServiceAccountToken: false },
      within,
    );
    const rights = new kubernetes.rbac.v1.ClusterRole(
      logicalName("ClusterRole", role),
      { metadata: metadata(owner, { name: role }), rules: platformRules },
      within,
    );
    const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
      logicalName("ClusterRoleBinding", role),
      {
        metadata: metadata(owner, { name: role }),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ kind: "ServiceAccount", name: platformReconcilerAccount, namespace: fluxNamespace }],
      },
      { parent: this, dependsOn: [rights, account] },
    );
    const key = new kubernetes.core.v1.Secret(
      logicalName("Secret", platformKeySecret, fluxNamespace),
      {
        metadata: own(platformKeySecret),
        stringData: pulumi.secret(
          pulumi
            .all([args.recipient, args.identity, args.former])
            .apply(([recipient, identity, former]) => ageKeyData({ recipient, identity, former })),
        ),
      },
      within,
    );
    const access = new kubernetes.core.v1.Secret(
      logicalName("Secret", gitAccessSecret, fluxNamespace),
      {
        metadata: own(gitAccessSecret),
        stringData: gitAccessData({ privateKey: args.privateKey, knownHosts: args.knownHosts }),
      },
      within,
    );
    const source = new kubernetes.apiextensions.CustomResource(
      logicalName("GitRepository", name, fluxNamespace),
      { apiVersion: sourceApi, kind: "GitRepository", metadata: own(name), spec: gitRepositorySpec(args) },
      { parent: this, dependsOn: [access] },
    );
    const { webhook } = args;
    const heard =
      webhook === undefined
        ? []
        : [receiver({ owner, namespace: fluxNamespace, repository: name, webhook }, within)];
    this.ready = new kubernetes.apiextensions.CustomResource(
      logicalName("Kustomization", name, fluxNamespace),
      {
        apiVersion: kustomizeApi,
        kind: "Kustomization",
        metadata: own(name),
        spec: kustomizationSpec({
          source: name,
          path: "./tenants",
          account: platformReconcilerAccount,
          keySecret: platformKeySecret,
          // An empty repository must not take every tenant's key away.
          prune: false,
          pace: args.pace,
        }),
      },
      { parent: this, dependsOn: [source, key, account, binding, ...heard] },
    );
    this.registerOutputs({});
  }
}

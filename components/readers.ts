import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type Ownership } from "./metadata";
import type { PolicyRule } from "./policyRule";

/** The ClusterRole of who looks at the whole cluster. */
export const readerRole = "terp-reader";
/** The ClusterRole of who reads Helm's records of releases; bound in their namespaces alone. */
export const recordReaderRole = "terp-record-reader";

/** Who may look at everything, as the API server knows them. */
export interface Readers {
  readonly groups: readonly string[];
  readonly users: readonly string[];
}

/** A namespace in which Helm keeps records of a release. */
export interface ReleaseNamespace {
  readonly namespace: string;
  /** What comes after the namespace. */
  readonly ready: pulumi.Resource;
}

export interface ClusterReadersArgs {
  /** The stack's name. */
  readonly environment: string;
  readonly readers: Readers;
  /** Names of the Secrets that the stack makes; see {@link readerRules}. */
  readonly secrets: readonly string[];
  readonly releases: readonly ReleaseNamespace[];
}

const look = ["get", "list", "watch"];

/** The core kinds, but for Secrets. Sub-resources aren't among them: reading a pod's `exec` or `proxy` does something. */
const coreKinds = [
  "configmaps",
  "endpoints",
  "events",
  "limitranges",
  "namespaces",
  "nodes",
  "persistentvolumeclaims",
  "persistentvolumes",
  "pods",
  "replicationcontrollers",
  "resourcequotas",
  "serviceaccounts",
  "services",
];

/** The groups of what the platform and its tenants consist of. A kind in them that holds secrets has no place here. */
const groups = [
  "acme.cert-manager.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apps",
  "argoproj.io",
  "autoscaling",
  "batch",
  "cert-manager.io",
  "discovery.k8s.io",
  "gateway.networking.k8s.io",
  "helm.toolkit.fluxcd.io",
  "kustomize.toolkit.fluxcd.io",
  "networking.k8s.io",
  "notification.toolkit.fluxcd.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "source.toolkit.fluxcd.io",
  "storage.k8s.io",
];

/**
 * What it takes to preview a stack, and to compare it with what is really there, and no more. RBAC knows no exception, so all kinds
 * but Secrets are listed.
 *
 * @param secrets names of the Secrets that the stack makes. Whoever previews it can decrypt them in its state already.
 */
export function readerRules(secrets: readonly string[]): PolicyRule[] {
  return [
    { apiGroups: [""], resources: coreKinds, verbs: look },
    { apiGroups: groups, resources: ["*"], verbs: look },
    // Without names the rule would be for all.
    ...(secrets.length === 0
      ? []
      : [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: [...secrets] }]),
  ];
}

/** Who previews: may look at everything in the cluster but Secrets that aren't the stack's, and change nothing. */
export class ClusterReaders extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterReadersArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:readers:ClusterReaders", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const inside = { parent: this };
    const subjects = subjectsOf(args.readers);
    role(owner, readerRole, readerRules(args.secrets), inside);
    new kubernetes.rbac.v1.ClusterRoleBinding(
      logicalName("ClusterRoleBinding", readerRole),
      { metadata: metadata(owner, { name: readerRole }), roleRef: roleRef(readerRole), subjects },
      inside,
    );
    if (args.releases.length > 0)
      role(owner, recordReaderRole, [{ apiGroups: [""], resources: ["secrets"], verbs: look }], inside);
    for (const { namespace, ready } of args.releases)
      new kubernetes.rbac.v1.RoleBinding(
        logicalName("RoleBinding", recordReaderRole, namespace),
        {
          metadata: metadata(owner, { name: recordReaderRole, namespace }),
          roleRef: roleRef(recordReaderRole),
          subjects,
        },
        { parent: this, dependsOn: [ready] },
      );
    this.registerOutputs({});
  }
}

function role(
  owner: Ownership,
  name: string,
  rules: PolicyRule[],
  options: pulumi.CustomResourceOptions,
): void {
  new kubernetes.rbac.v1.ClusterRole(
    logicalName("ClusterRole", name),
    { metadata: metadata(owner, { name }), rules },
    options,
  );
}

function roleRef(name: string): { apiGroup: string; kind: string; name: string } {
  return { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
}

function subjectsOf({ groups: known, users }: Readers): kubernetes.types.input.rbac.v1.Subject[] {
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    ...known.map((name) => ({ apiGroup, kind: "Group", name })),
    ...users.map((name) => ({ apiGroup, kind: "User", name })),
  ];
}

import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, withoutAwait, type ObjectMetadata, type Ownership } from "../metadata";
import type { PolicyRule } from "../policyRule";
import { argocdNamespace } from "./names";

/** Makes objects of Argo CD's namespace: each called after the part that it belongs to. */
export class ArgocdObjects {
  constructor(private readonly owner: Ownership) {}

  /** @param labels What it needs beyond its owner's. */
  own(name: string, labels: Readonly<Record<string, string>> = {}): ObjectMetadata {
    return metadata(this.owner, { name, namespace: argocdNamespace, labels });
  }

  /** One pod, and never two: two controllers would apply against each other. */
  deployment(
    name: string,
    template: pulumi.Input<kubernetes.types.input.core.v1.PodTemplateSpec>,
    options: pulumi.CustomResourceOptions,
  ): kubernetes.apps.v1.Deployment {
    return new kubernetes.apps.v1.Deployment(
      logicalName("Deployment", name, argocdNamespace),
      {
        metadata: this.own(name),
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: { app: name } },
          template,
        },
      },
      options,
    );
  }

  service(
    name: string,
    ports: Readonly<Record<string, number>>,
    options: pulumi.CustomResourceOptions,
  ): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      logicalName("Service", name, argocdNamespace),
      {
        metadata: withoutAwait(this.own(name)),
        spec: {
          selector: { app: name },
          ports: Object.entries(ports).map(([portName, port]) => ({
            name: portName,
            port,
            targetPort: portName,
          })),
        },
      },
      options,
    );
  }

  /** Settings that Argo CD reads: it finds them by this label alone. */
  settings(
    name: string,
    data: pulumi.Input<Record<string, pulumi.Input<string>>>,
    options: pulumi.CustomResourceOptions,
  ): kubernetes.core.v1.ConfigMap {
    return new kubernetes.core.v1.ConfigMap(
      logicalName("ConfigMap", name, argocdNamespace),
      { metadata: this.own(name, { "app.kubernetes.io/part-of": "argocd" }), data },
      options,
    );
  }

  account(name: string, options: pulumi.CustomResourceOptions): kubernetes.core.v1.ServiceAccount {
    return new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", name, argocdNamespace),
      { metadata: this.own(name), automountServiceAccountToken: false },
      options,
    );
  }

  /** What an account may do in Argo CD's namespace. @param account Default: the part's own, of the role's name. */
  role(
    name: string,
    rules: readonly PolicyRule[],
    options: pulumi.CustomResourceOptions,
    account = name,
  ): pulumi.Resource[] {
    return [
      new kubernetes.rbac.v1.Role(
        logicalName("Role", name, argocdNamespace),
        { metadata: this.own(name), rules: [...rules] },
        options,
      ),
      new kubernetes.rbac.v1.RoleBinding(
        logicalName("RoleBinding", name, argocdNamespace),
        {
          metadata: this.own(name),
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          subjects: [accountOf(account)],
        },
        options,
      ),
    ];
  }

  /** What an account of Argo CD's namespace may do everywhere. */
  clusterRole(
    name: string,
    rules: readonly PolicyRule[],
    options: pulumi.CustomResourceOptions,
    account: string,
  ): pulumi.Resource[] {
    const own = metadata(this.owner, { name });
    return [
      new kubernetes.rbac.v1.ClusterRole(
        logicalName("ClusterRole", name),
        { metadata: own, rules: [...rules] },
        options,
      ),
      new kubernetes.rbac.v1.ClusterRoleBinding(
        logicalName("ClusterRoleBinding", name),
        {
          metadata: own,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
          subjects: [accountOf(account)],
        },
        options,
      ),
    ];
  }
}

function accountOf(name: string): kubernetes.types.input.rbac.v1.Subject {
  return { kind: "ServiceAccount", name, namespace: argocdNamespace };
}

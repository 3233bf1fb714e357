import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type Ownership } from "../metadata";
import type { ManagedKind } from "./kinds";
import {
  applicationController,
  argocdApi,
  argocdNamespace,
  operatorsAccount,
  operatorsProject,
  operatorsRole,
} from "./names";
import { ArgocdObjects } from "./objects";
import {
  applicationRules,
  boundedOperators,
  operatorsProjectSpec,
  operatorsRules,
  rootSpec,
  type RootArgs,
} from "./operatorsSpecs";
import { impersonatorRules } from "./rights";

export interface OperatorsApplicationsArgs extends RootArgs {
  /** The stack's name. */
  readonly environment: string;
  /** What tenants may have applied. */
  readonly kinds: readonly ManagedKind[];
  /** Makes the Secret by which Argo CD reads the platform repository, for this project alone. */
  readonly access: (options: pulumi.CustomResourceOptions) => pulumi.Resource;
}

/**
 * What the platform's operators have applied from the platform repository, beside what the program makes: a root Application with
 * namespaces and Applications of their own, in a project of its own, as an account of its own.
 *
 * The Application has no finalizer: what it applied stays when it goes.
 */
export class OperatorsApplications extends pulumi.ComponentResource {
  constructor(name: string, args: OperatorsApplicationsArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:argocd:OperatorsApplications", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const objects = new ArgocdObjects(owner);
    const bounded = this.bounds(owner);
    const within = { parent: this, dependsOn: [bounded] };
    const project = new kubernetes.apiextensions.CustomResource(
      logicalName("AppProject", operatorsProject, argocdNamespace),
      {
        apiVersion: argocdApi,
        kind: "AppProject",
        metadata: objects.own(operatorsProject),
        spec: operatorsProjectSpec(args.repository, args.kinds),
      },
      { parent: this },
    );
    new kubernetes.apiextensions.CustomResource(
      logicalName("Application", operatorsProject, argocdNamespace),
      {
        apiVersion: argocdApi,
        kind: "Application",
        metadata: objects.own(operatorsProject),
        spec: rootSpec(args),
      },
      {
        parent: this,
        dependsOn: [
          project,
          args.access({ parent: this }),
          objects.account(operatorsAccount, within),
          ...objects.role(operatorsAccount, applicationRules, within),
          ...this.everywhere(owner, args.kinds, within),
          ...this.impersonation(objects, within),
        ],
      },
    );
    this.registerOutputs({});
  }

  /** What must be there before the account has any right. */
  private bounds(owner: Ownership): pulumi.Resource {
    const own = metadata(owner, { name: operatorsRole });
    const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
      logicalName("ValidatingAdmissionPolicy", operatorsRole),
      { metadata: own, spec: boundedOperators },
      { parent: this },
    );
    return new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      logicalName("ValidatingAdmissionPolicyBinding", operatorsRole),
      { metadata: own, spec: { policyName: operatorsRole, validationActions: ["Deny"] } },
      { parent: this, dependsOn: [policy] },
    );
  }

  private everywhere(
    owner: Ownership,
    kinds: readonly ManagedKind[],
    within: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    const own = metadata(owner, { name: operatorsRole });
    return [
      new kubernetes.rbac.v1.ClusterRole(
        logicalName("ClusterRole", operatorsRole),
        { metadata: own, rules: operatorsRules(kinds) },
        within,
      ),
      new kubernetes.rbac.v1.ClusterRoleBinding(
        logicalName("ClusterRoleBinding", operatorsRole),
        {
          metadata: own,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: operatorsRole },
          subjects: [{ kind: "ServiceAccount", name: operatorsAccount, namespace: argocdNamespace }],
        },
        within,
      ),
    ];
  }

  /** The controller's right to act as the account. */
  private impersonation(objects: ArgocdObjects, within: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const name = `${operatorsAccount}-impersonator`;
    return [
      new kubernetes.rbac.v1.Role(
        logicalName("Role", name, argocdNamespace),
        { metadata: objects.own(name), rules: impersonatorRules(operatorsAccount) },
        within,
      ),
      new kubernetes.rbac.v1.RoleBinding(
        logicalName("RoleBinding", name, argocdNamespace),
        {
          metadata: objects.own(name),
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          subjects: [{ kind: "ServiceAccount", name: applicationController, namespace: argocdNamespace }],
        },
        within,
      ),
    ];
  }
}

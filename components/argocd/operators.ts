import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { admissionPolicy } from "../admissionPolicy";
import { logicalName, type Ownership } from "../metadata";
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
    // Before the account has any right.
    const bounded = admissionPolicy({ owner, name: operatorsRole, spec: boundedOperators }, this);
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
          ...objects.clusterRole(operatorsRole, operatorsRules(args.kinds), within, operatorsAccount),
          ...objects.role(
            `${operatorsAccount}-impersonator`,
            impersonatorRules(operatorsAccount),
            within,
            applicationController,
          ),
        ],
      },
    );
    this.registerOutputs({});
  }
}

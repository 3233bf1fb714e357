import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { admissionPolicy } from "../admissionPolicy";
import { adoptAnnotation, environmentLabel, roleLabel, tenantLabel } from "../metadata";
import { list } from "./admission/cel";
import { administrators, certManager, controllers, isFrom, type Trusted } from "./trusted";

export interface ReservedLabelsArgs {
  /** The stack's name. */
  readonly environment: string;
  /**
   * Who may set the labels.
   *
   * @default administrators
   */
  readonly trusted?: Trusted;
}

const name = "terp-reserved-labels";
const reserved = [environmentLabel, tenantLabel, roleLabel];

/** What cert-manager makes of an object, with its labels. Not Secrets: a tenant's Certificate says which labels those have. */
const ofCertManager = ["cert-manager.io", "acme.cert-manager.io"];

function labelsOf(object: "object" | "oldObject"): string {
  return `(${object} != null && has(${object}.metadata) && has(${object}.metadata.labels) ? ${object}.metadata.labels : {})`;
}

/**
 * What the policy says: the labels by which Terp knows its own can be set, changed and taken away by the platform's
 * deployer alone, and even it can't put them on an object that exists without them, unless an operator has handed that over.
 *
 * The second rule is what makes taking over safe: a run applies whether an object exists or not, so without it a run would
 * make somebody else's Deployment its own.
 */
export function reservedLabelsPolicy(
  trusted: Trusted,
): kubernetes.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec {
  const before = labelsOf("oldObject");
  const after = labelsOf("object");
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      // Sub-resources too: a namespace's labels can be changed by writing its status.
      resourceRules: [
        {
          apiGroups: ["*"],
          apiVersions: ["*"],
          operations: ["CREATE", "UPDATE"],
          resources: ["*/*"],
          scope: "*",
        },
      ],
    },
    matchConditions: [
      {
        name: "changes-a-reserved-label",
        expression:
          `${list(reserved)}.exists(label, (label in ${after}) != (label in ${before}) || ` +
          `((label in ${after}) && ${after}[label] != ${before}[label]))`,
      },
    ],
    variables: [
      { name: "before", expression: before },
      { name: "after", expression: after },
      {
        name: "place",
        // The API server takes a namespace to be in itself.
        expression: `!has(request.namespace) || request.namespace == "" || request.kind.kind == "Namespace" ? "" : request.namespace + "/"`,
      },
      {
        name: "environment",
        expression: `"${environmentLabel}" in variables.after ? variables.after["${environmentLabel}"] : ""`,
      },
    ],
    validations: [
      {
        expression:
          `${isFrom(trusted, controllers)} || ` +
          `request.resource.group in ${list(ofCertManager)} && (${isFrom(certManager)})`,
        messageExpression: `"the labels ${reserved.join(", ")} say whose an object is and are set by the platform alone: leave them out"`,
        reason: "Forbidden",
      },
      {
        expression:
          `oldObject == null || !("${environmentLabel}" in variables.after) || ` +
          `("${environmentLabel}" in variables.before && variables.before["${environmentLabel}"] == variables.environment) || ` +
          `(has(oldObject.metadata.annotations) && "${adoptAnnotation}" in oldObject.metadata.annotations && ` +
          `oldObject.metadata.annotations["${adoptAnnotation}"] == variables.environment)`,
        messageExpression:
          `request.kind.kind + " " + variables.place + request.name + " exists already and wasn't made by this environment: " + ` +
          `"delete or rename it, or hand it over with: kubectl annotate " + request.resource.resource + " " + request.name + ` +
          `(variables.place == "" ? "" : " -n " + request.namespace) + " ${adoptAnnotation}=" + variables.environment`,
        reason: "Forbidden",
      },
    ],
  };
}

/** Reserves the labels that say whose an object is, so that they can be trusted by all that selects by them. */
export class ReservedLabels extends pulumi.ComponentResource {
  constructor(resourceName: string, args: ReservedLabelsArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:tenant:ReservedLabels", resourceName, {}, options);
    const owner = { environment: args.environment, role: "platform" } as const;
    admissionPolicy({ owner, name, spec: reservedLabelsPolicy(args.trusted ?? administrators) }, this);
    this.registerOutputs({});
  }
}

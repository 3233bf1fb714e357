import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type Ownership } from "./metadata";

type BindingSpec = kubernetes.types.input.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec;

/** A ValidatingAdmissionPolicy that is in force. */
export interface AdmissionPolicyArgs {
  readonly owner: Ownership;
  /** What it and its binding are called. */
  readonly name: string;
  readonly spec: kubernetes.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;
  /** Where it holds. @default everywhere that it matches */
  readonly matchResources?: BindingSpec["matchResources"];
}

/** A binding's `spec`: the policy holds everywhere that it matches. */
export function bindingSpec(policyName: string): { policyName: string; validationActions: string[] } {
  return { policyName, validationActions: ["Deny"] };
}

/**
 * Makes a policy and binds it.
 *
 * @returns the binding: what must be there before anybody is to be refused.
 */
export function admissionPolicy(
  { owner, name, spec, matchResources }: AdmissionPolicyArgs,
  parent: pulumi.Resource,
): pulumi.Resource {
  const own = metadata(owner, { name });
  const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
    logicalName("ValidatingAdmissionPolicy", name),
    { metadata: own, spec },
    { parent },
  );
  return new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    logicalName("ValidatingAdmissionPolicyBinding", name),
    { metadata: own, spec: { ...bindingSpec(name), ...(matchResources && { matchResources }) } },
    { parent, dependsOn: [policy] },
  );
}

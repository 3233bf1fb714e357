import { controllers, isFrom, type Trusted } from "../trusted";
import { list } from "./cel";
import { asksForMore, message, tenantPolicy, type AdmissionPolicy } from "./policy";

/** Who binds claims to volumes, which a tenant may not do by itself. */
const binders: Trusted = {
  ...controllers,
  users: [...controllers.users, "system:kube-scheduler"],
};

/** Annotations that binders leave, and believe. */
const binding = [
  "pv.kubernetes.io/bind-completed",
  "pv.kubernetes.io/bound-by-controller",
  "volume.kubernetes.io/selected-node",
  "volume.kubernetes.io/storage-provisioner",
  "volume.beta.kubernetes.io/storage-provisioner",
];

/**
 * Which volumes a tenant may claim: new ones of a storage class, and copies of what is in the same namespace. Claims that
 * Kubernetes makes from a template of the tenant's are checked too; what it does to them later isn't.
 */
export function volumeClaims(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-volumeclaims",
    kinds: [{ group: "", version: "v1", resources: ["persistentvolumeclaims"] }],
    exempt: [trusted],
    conditions: {
      ...asksForMore,
      "is-not-what-binds": `request.operation == "CREATE" || !(${isFrom(binders)})`,
    },
    variables: {
      volume: 'object.spec.?volumeName.orValue("")',
      before: 'oldObject == null ? "" : oldObject.spec.?volumeName.orValue("")',
      annotations: "object.metadata.?annotations.orValue({})",
      annotated: "oldObject == null ? {} : oldObject.metadata.?annotations.orValue({})",
      binding:
        `${list(binding)}.filter(key, key in variables.annotations && ` +
        `!(key in variables.annotated && variables.annotated[key] == variables.annotations[key]))`,
    },
    validations: [
      {
        expression: 'variables.volume == "" || variables.volume == variables.before',
        message: message`volumeName "${"variables.volume"}" may be anybody's volume: leave it out and get a new one, or ask the operators`,
      },
      {
        expression: "!has(object.spec.selector)",
        message: message`a selector may choose anybody's volume: leave it out and get a new one, or ask the operators`,
      },
      {
        expression: '!has(object.spec.storageClassName) || object.spec.storageClassName != ""',
        message: message`an empty storageClassName takes whatever volume is free: name a storage class, or leave it out for the usual one`,
      },
      {
        expression: 'object.spec.?dataSourceRef.?namespace.orValue("") in ["", request.namespace]',
        message: message`dataSourceRef names namespace "${'object.spec.?dataSourceRef.?namespace.orValue("")'}": copy from a volume or snapshot of this one`,
      },
      {
        expression: "size(variables.binding) == 0",
        message: message`annotation ${"variables.binding[0]"} is set by what binds volumes: leave it out`,
      },
    ],
  });
}

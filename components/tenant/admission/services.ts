import { controllers, type Trusted } from "../trusted";
import { list } from "./cel";
import { admittedAnnotations, controllerPrefixes } from "./ingressAnnotations";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

/** How a tenant's Services may be reached: by pods and by the platform's gateway, at addresses of the cluster's own. */
export function services(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-services",
    kinds: [{ group: "", version: "v1", resources: ["services"] }],
    exempt: [trusted, controllers],
    variables: {
      type: 'object.spec.?type.orValue("ClusterIP")',
      strangers:
        `object.metadata.?annotations.orValue({}).map(key, key).filter(key, ` +
        `${list(controllerPrefixes)}.exists(prefix, key.startsWith(prefix)) && !(key in ${list(admittedAnnotations)}))`,
    },
    validations: [
      {
        expression: 'variables.type == "ClusterIP"',
        message: message`a Service of type ${"variables.type"} opens the cluster, or leads out of it: write type: ClusterIP, and an Ingress or an HTTPRoute for what is to be reached from outside`,
      },
      {
        expression: "size(object.spec.?externalIPs.orValue([])) == 0",
        message: message`externalIPs would take the traffic to ${"object.spec.externalIPs[0]"} of the whole cluster: leave them out`,
      },
      {
        expression:
          'object.spec.?externalName.orValue("") == "" && object.spec.?loadBalancerIP.orValue("") == ""',
        message: message`externalName and loadBalancerIP lead out of the cluster: leave them out`,
      },
      {
        expression: "size(variables.strangers) == 0",
        message: message`annotation ${"variables.strangers[0]"} could borrow settings of others from the ingress controller: leave it out, or ask the operators for what it is to do`,
      },
    ],
  });
}

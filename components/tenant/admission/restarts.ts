import { controllers, type Trusted } from "../trusted";
import { sameBut, text } from "./cel";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

/** What `kubectl rollout restart` sets on a template. */
const restartedAt = "kubectl.kubernetes.io/restartedAt";

const template = (object: string): string => `dyn(${object}).spec.template`;
const annotations = (object: string): string => `${template(object)}.?metadata.?annotations.orValue({})`;
const metadata = (object: string): string => `${template(object)}.?metadata.orValue({})`;
const field = (object: string, name: string, otherwise: string): string =>
  `dyn(${object}).metadata.?${name}.orValue(${otherwise})`;

/**
 * What a developer, who has the right to patch a workload but not to update it, may change of one: when it was restarted. Who
 * may update it isn't bounded by this.
 */
export function restarts(trusted: Trusted): AdmissionPolicy {
  const mayUpdate =
    `authorizer.group("apps").resource(request.resource.resource).namespace(request.namespace)` +
    `.name(request.name).check("update").allowed()`;
  return tenantPolicy({
    name: "terp-tenant-restarts",
    kinds: [
      {
        group: "apps",
        version: "v1",
        resources: ["deployments", "statefulsets", "daemonsets"],
        operations: ["UPDATE"],
      },
    ],
    exempt: [trusted, controllers],
    conditions: { "may-not-update": `!${mayUpdate}` },
    validations: [
      {
        expression: [
          sameBut("dyn(object).spec", "dyn(oldObject).spec", ["template"]),
          sameBut(template("object"), template("oldObject"), ["metadata"]),
          sameBut(metadata("object"), metadata("oldObject"), ["annotations"]),
          sameBut(annotations("object"), annotations("oldObject"), [restartedAt]),
          ...[
            ["labels", "{}"],
            ["annotations", "{}"],
            ["finalizers", "[]"],
            ["ownerReferences", "[]"],
          ].map(
            ([name = "", none = ""]) => `${field("object", name, none)} == ${field("oldObject", name, none)}`,
          ),
        ].join(" && "),
        message: message`${"request.userInfo.username"} may restart ${"request.kind.kind"} ${"request.name"}, with: kubectl rollout restart; change it in the repository, or ask an owner (only ${text(restartedAt)} may differ)`,
      },
    ],
  });
}

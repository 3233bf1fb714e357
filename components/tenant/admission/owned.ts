import { environmentLabel } from "../../metadata";
import { controllers, type Trusted } from "../trusted";
import { isMark, text } from "./cel";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

/** An expression for labels or annotations, of which there are none where there is no object. */
const marksOf = (object: "object" | "oldObject", map: string): string =>
  `(${object} == null ? {} : dyn(${object}).metadata.?${map}.orValue({}))`;

const podSecurity = "pod-security.kubernetes.io/";
const isReserved = `(${isMark("key")} || (request.resource.resource == "namespaces" && key.startsWith(${text(podSecurity)})))`;

/** Reserved keys that are in one map and not, or with another value, in the other. */
function missing(one: string, other: string): string {
  return `${one}.map(key, key).filter(key, ${isReserved} && !(key in ${other} && ${one}[key] == ${other}[key]))`;
}

const changed = ["labels", "annotations"]
  .flatMap((map) => {
    const [before, after] = [marksOf("oldObject", map), marksOf("object", map)];
    return [missing(after, before), missing(before, after)];
  })
  .join(" + ");

const isOwned = `request.operation != "CREATE" && ${text(environmentLabel)} in ${marksOf("oldObject", "labels")}`;

/**
 * What the platform has put into a tenant's namespace, and the marks by which it knows its own: changed and deleted by the
 * platform alone. A tenant may write NetworkPolicies, but not this one; and the annotations that say what a tenant may claim
 * are on the namespace itself.
 *
 * The one policy that is asked about deletions: without a NetworkPolicy of the platform's everything would be open.
 * Kubernetes' own controllers are exempt, so a namespace that ends isn't held up. Any change counts, of owners too: an object
 * whose owner is gone is deleted by one of those controllers.
 */
export function owned(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-owned",
    kinds: [
      { group: "*", resources: ["*"], operations: ["CREATE", "UPDATE", "DELETE"] },
      {
        group: "",
        version: "v1",
        resources: ["namespaces", "namespaces/status", "namespaces/finalize"],
        scope: "Cluster",
        operations: ["UPDATE"],
      },
    ],
    exempt: [trusted, controllers],
    conditions: {},
    variables: {
      marks: `request.operation == "DELETE" ? [] : (${changed})`,
      isOwned: `request.resource.resource != "namespaces" && ${isOwned}`,
    },
    validations: [
      {
        expression: "!variables.isOwned",
        message: message`${"request.kind.kind"} ${"dyn(oldObject).metadata.name"} is the platform's: leave it as it is, and give an object of your own another name`,
      },
      {
        expression: "size(variables.marks) == 0",
        message: message`labels and annotations of terp.dev, and what bounds pods, are the platform's: leave "${"variables.marks[0]"}" as it is`,
      },
    ],
  });
}

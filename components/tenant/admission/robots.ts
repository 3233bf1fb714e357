import { gitAccessSecret, helmValuesName, tenantKeySecret } from "../../flux/names";
import { controllers, type Trusted } from "../trusted";
import { list, text } from "./cel";
import { asksForMore, message, tenantPolicy, type AdmissionPolicy } from "./policy";

/** Secrets that Flux reads by their names: whoever writes one decides what Flux applies. */
const readByFlux = [helmValuesName, gitAccessSecret, tenantKeySecret];
/** Helm takes what is in a Secret of this type for what it has installed. */
const releaseType = "helm.sh/release.v1";

/**
 * What a robot, who has the right to write Secrets but not to make workloads, may not write: Secrets by which it would decide what
 * the reconciler makes, and so have its rights. Who may make workloads isn't bounded by this.
 */
export function robots(trusted: Trusted): AdmissionPolicy {
  const mayDeploy =
    `authorizer.group("apps").resource("deployments").namespace(request.namespace)` +
    `.check("create").allowed()`;
  return tenantPolicy({
    name: "terp-tenant-robots",
    kinds: [{ group: "", version: "v1", resources: ["secrets"] }],
    exempt: [trusted, controllers],
    conditions: { ...asksForMore, "may-not-deploy": `!${mayDeploy}` },
    validations: [
      {
        expression: `!(object.metadata.name in ${list(readByFlux)})`,
        message: message`Secret ${"object.metadata.name"} decides what Flux applies: only who may deploy writes it, in the repository`,
      },
      {
        expression: `object.?type.orValue("") != ${text(releaseType)} && !object.metadata.name.startsWith("sh.helm.release.")`,
        message: message`Secret ${"object.metadata.name"} is what Helm has installed: it alone writes that`,
      },
    ],
  });
}

import { reconcilerAccount } from "../../flux/names";
import { controllers, type Trusted } from "../trusted";
import { list, text } from "./cel";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const is = (resource: string, part = ""): string =>
  `(request.resource.resource == ${text(resource)} && request.?subResource.orValue("") == ${text(part)})`;

/** Types of Secrets that Kubernetes makes into a login, or takes for one. */
const loginTypes = ["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"];

/** Beginnings of annotations by which a service account becomes an identity at a cloud. */
const identityPrefixes = [
  "azure.workload.identity/",
  "eks.amazonaws.com/",
  "iam.gke.io/",
  "pod-identity.alibabacloud.com/",
];

/** Beginnings of annotations by which programs copy Secrets and ConfigMaps from one namespace into another. */
const copyingPrefixes = [
  "reflector.v1.k8s.emberstack.com/",
  "replicator.v1.mittwald.de/",
  "kubed.appscode.com/",
  "config.syncer/",
];

/** Annotations with one of these beginnings that the request sets or changes. */
function changed(prefixes: readonly string[]): string {
  return (
    `variables.after.map(key, key).filter(key, ${list(prefixes)}.exists(prefix, key.startsWith(prefix)) && ` +
    `!(key in variables.before && variables.before[key] == variables.after[key]))`
  );
}

/**
 * What a tenant may not make of Secrets and service accounts: a login as an account, the reconciler's above all, an identity at a
 * cloud, or a copy of another namespace's Secret.
 */
export function credentials(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-credentials",
    kinds: [
      {
        group: "",
        version: "v1",
        resources: ["secrets", "configmaps", "serviceaccounts", "serviceaccounts/token"],
      },
    ],
    exempt: [trusted, controllers],
    variables: {
      before: `(oldObject == null ? {} : dyn(oldObject).metadata.?annotations.orValue({}))`,
      after: `dyn(object).metadata.?annotations.orValue({})`,
      identities: `${is("serviceaccounts")} ? ${changed(identityPrefixes)} : []`,
      copies: `${is("secrets")} || ${is("configmaps")} ? ${changed(copyingPrefixes)} : []`,
    },
    validations: [
      {
        expression: `!${is("secrets")} || !(dyn(object).?type.orValue("") in ${list(loginTypes)})`,
        message: message`a Secret of type ${'dyn(object).?type.orValue("")'} is a login that never ends: let a pod have its account's token, by serviceAccountName`,
      },
      {
        expression: `!${is("serviceaccounts")} || dyn(object).metadata.name != ${text(reconcilerAccount)}`,
        message: message`a service account called ${text(reconcilerAccount)} would have Flux's rights: give it another name`,
      },
      {
        expression: `!${is("serviceaccounts", "token")} || request.?name.orValue("") != ${text(reconcilerAccount)}`,
        message: message`a token of ${text(reconcilerAccount)} would have Flux's rights: ask for one of an account of the application's own`,
      },
      {
        expression: "size(variables.identities) == 0",
        message: message`annotation ${"variables.identities[0]"} makes the account an identity at the cloud: ask the operators to set it`,
      },
      {
        expression: "size(variables.copies) == 0",
        message: message`annotation ${"variables.copies[0]"} copies between namespaces: leave it out, and keep what each namespace needs in the repository`,
      },
    ],
  });
}

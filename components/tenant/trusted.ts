import { certManagerNamespace } from "../certificates/names";
import { tenantLabel } from "../metadata";
import { list, text } from "./admission/cel";
import { controlNamespaceName } from "./names";

/** Who may do what others may not. */
export interface Trusted {
  /** Groups, as the API server knows them. */
  readonly groups: readonly string[];
  /** User names, as the API server knows them. */
  readonly users: readonly string[];
}

/** The holder of the cluster's own administrator's certificate, which is who deploys unless told otherwise. */
export const administrators: Trusted = { groups: ["system:masters"], users: [] };

/**
 * Kubernetes' own controllers: they copy labels from one object to another (a Service's to its EndpointSlices), make
 * pods from templates, and clean up. Nobody else can act as these.
 */
export const controllers: Trusted = {
  groups: ["system:serviceaccounts:kube-system"],
  users: ["system:kube-controller-manager", "system:apiserver"],
};

/** The nodes: they show the pods that run on them by themselves. */
export const nodes: Trusted = { groups: ["system:nodes"], users: [] };

/** The service accounts of a namespace. */
export function accountsOf(namespace: string): Trusted {
  return { groups: [`system:serviceaccounts:${namespace}`], users: [] };
}

/** cert-manager. It makes its objects with the labels of what asks for them: a Gateway's, for one, become its Certificate's. */
export const certManager = accountsOf(certManagerNamespace);

/**
 * An expression of the Common Expression Language: whether a request comes from an account in the control namespace of the
 * tenant whose namespace it is for.
 */
export function isFromControl(account: string): string {
  return (
    `request.userInfo.username == ${text(`system:serviceaccount:${controlNamespaceName("")}`)} + ` +
    `namespaceObject.metadata.?labels[?${text(tenantLabel)}].orValue("") + ${text(`:${account}`)}`
  );
}

/** An expression of the Common Expression Language: whether a request comes from one of these. */
export function isFrom(...trusted: readonly Trusted[]): string {
  const users = trusted.flatMap((each) => each.users);
  const groups = trusted.flatMap((each) => each.groups);
  return (
    `request.userInfo.username in ${list(users)} || ` +
    `(has(request.userInfo.groups) && request.userInfo.groups.exists(group, group in ${list(groups)}))`
  );
}

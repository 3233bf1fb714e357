import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

import { environmentLabel } from "../metadata";
import type { PolicyRule } from "../policyRule";
import { syncPolicy } from "./application";
import { byGroup, operatorsKinds, type ManagedKind } from "./kinds";
import {
  argocdGroup,
  argocdNamespace,
  operatorsAccount,
  operatorsPrefix,
  operatorsProject,
  ownCluster,
} from "./names";

type PolicySpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;

/**
 * Kinds that tenants have and operators don't: Flux's, whose accounts have no rights in operators' namespaces; and those that name
 * hosts, which are tenants' own by admission that looks at tenants' namespaces alone.
 */
const isTenants = ({ group, kind }: ManagedKind): boolean =>
  /\.toolkit\.fluxcd\.io$|^gateway\.networking\.k8s\.io$|^cert-manager\.io$/.test(group) ||
  kind === "Ingress";

/**
 * What operators may have applied in namespaces of their own: what tenants may, without Flux's kinds and those that name hosts.
 *
 * @param kinds What tenants may have applied.
 */
export function ownKinds(kinds: readonly ManagedKind[]): readonly ManagedKind[] {
  return kinds.filter((kind) => !isTenants(kind));
}

/**
 * The `spec` of the operators' AppProject: the platform repository into operators' namespaces, and Applications beside Argo CD, as the
 * operators' account.
 *
 * @param repository The platform repository's SSH URL: the only source.
 * @param kinds What tenants may have applied.
 */
export function operatorsProjectSpec(repository: Input<string>, kinds: readonly ManagedKind[]): object {
  const destinations = [argocdNamespace, `${operatorsPrefix}*`].map((namespace) => ({
    server: ownCluster,
    namespace,
  }));
  const named = [...ownKinds(kinds), ...operatorsKinds].map(({ group, kind }) => ({ group, kind }));
  const isNamespace = ({ kind }: { readonly kind: string }): boolean => kind === "Namespace";
  return {
    description: "what the platform's operators run beside the tenants",
    sourceRepos: [repository],
    sourceNamespaces: [],
    destinations,
    clusterResourceWhitelist: named.filter(isNamespace),
    namespaceResourceWhitelist: named.filter((each) => !isNamespace(each)),
    destinationServiceAccounts: destinations.map((destination) => ({
      ...destination,
      defaultServiceAccount: `${argocdNamespace}:${operatorsAccount}`,
    })),
  };
}

/** What the root Application is made from. */
export interface RootArgs {
  readonly repository: Input<string>;
  readonly branch: string;
  /** The folder with namespaces and Applications, in the platform repository. */
  readonly path: string;
  /** How soon what failed is tried again, e.g. `3s`. */
  readonly retry: string;
}

/** The `spec` of the root Application: the files of one folder, and none of those below it. */
export function rootSpec({ repository, branch, path, retry }: RootArgs): object {
  return {
    project: operatorsProject,
    source: { repoURL: repository, targetRevision: branch, path, directory: { recurse: false } },
    destination: { server: ownCluster, namespace: argocdNamespace },
    revisionHistoryLimit: 2,
    syncPolicy: syncPolicy({ retry }),
  };
}

const write = ["get", "create", "update", "patch", "delete"];

/** What the operators' account may do everywhere, as far as {@link boundedOperators} lets it. */
export function operatorsRules(kinds: readonly ManagedKind[]): PolicyRule[] {
  const everywhere = [
    ...ownKinds(kinds),
    ...operatorsKinds.filter(({ resource }) => resource === "namespaces"),
  ];
  return [...byGroup(everywhere)].map(([apiGroup, of]) => ({
    apiGroups: [apiGroup],
    resources: of.map(({ resource }) => resource),
    verbs: write,
  }));
}

/** What the operators' account may do in Argo CD's namespace, as far as {@link boundedOperators} lets it. */
export const applicationRules: readonly PolicyRule[] = [
  { apiGroups: [argocdGroup], resources: ["applications"], verbs: write },
];

const enforced = '"pod-security.kubernetes.io/enforce"';
const prefix = JSON.stringify(operatorsPrefix);
const isNamespace = 'request.resource.group == "" && request.resource.resource == "namespaces"';
const isApplication = `request.resource.group == "${argocdGroup}" && request.resource.resource == "applications"`;
const labels = "object.metadata.labels";

/**
 * What keeps the operators' account in namespaces of the operators' own, which roles can't say by the beginning of a name. Whoever
 * pushes to the platform repository is bounded by this: pods of theirs meet Pod Security's `restricted` profile, as all others', for a
 * pod that is more on its node than that could read every key of the platform.
 */
export const boundedOperators: PolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: ["*"],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        resources: ["*/*"],
        scope: "*",
      },
    ],
  },
  matchConditions: [
    {
      name: "is-the-operators-account",
      expression: `request.userInfo.username == "system:serviceaccount:${argocdNamespace}:${operatorsAccount}"`,
    },
  ],
  validations: [
    {
      expression:
        `(${isNamespace}) ? (has(request.name) && request.name.startsWith(${prefix})) : ` +
        `((${isApplication}) ? request.namespace == "${argocdNamespace}" : ` +
        `(has(request.namespace) && request.namespace.startsWith(${prefix})))`,
      message: `the platform repository is for namespaces whose name begins with ${operatorsPrefix}, what is in them, and Applications in ${argocdNamespace}`,
    },
    {
      expression:
        `oldObject == null || !has(oldObject.metadata.labels) || ` +
        `!("${environmentLabel}" in oldObject.metadata.labels)`,
      message: "this object is the platform's own: leave it as it is, and give yours another name",
    },
    {
      expression:
        `object == null || !(${isNamespace}) || (has(${labels}) && ${enforced} in ${labels} && ` +
        `${labels}[${enforced}] == "restricted" && !("pod-security.kubernetes.io/enforce-version" in ${labels}))`,
      message:
        "a namespace here has the label pod-security.kubernetes.io/enforce: restricted, and none with -version",
    },
    {
      expression: `object == null || request.resource.resource != "services" || request.resource.group != "" || !has(object.spec.externalIPs)`,
      message: "a Service here takes no address that others' requests go to: leave out externalIPs",
    },
    {
      expression:
        `!(${isApplication}) || ((object == null || object.spec.project == "${operatorsProject}") && ` +
        `(oldObject == null || oldObject.spec.project == "${operatorsProject}"))`,
      message: `an Application here is of the project ${operatorsProject}: write spec.project: ${operatorsProject}`,
    },
    {
      expression: `object == null || !(${isApplication}) || !has(object.metadata.finalizers)`,
      message:
        "an Application here has no finalizers, for nobody could take what it applied away: remove its objects or its namespace first",
    },
  ],
};

import { z } from "zod";

import type { KubeApi, KubeObject } from "./kubeApi";
import { isAmong, type ClusterFacts, type Wanted } from "./requirements";

/** DaemonSets by whose names it is known that NetworkPolicies are applied. */
const policyDaemonSets: readonly RegExp[] = [
  /^cilium$/,
  // GKE's Dataplane V2.
  /^anetd$/,
  /^calico-node/,
  /^rke2-canal$/,
  /^canal$/,
  /^antrea-agent$/,
  /^kube-router$/,
  /^azure-npm$/,
  // Of kind, from 0.24 on.
  /^kindnet$/,
];

/** DaemonSets and the like by whose names it is known that load balancers are given addresses. */
const loadBalancerDaemonSets = [/^(metallb-)?speaker$/, /^kube-vip/, /^svclb-/];

/** What begins the ids of nodes in places that have no load balancers of their own. */
const withoutLoadBalancers = ["kind", "k3s"];

const version = z.looseObject({ gitVersion: z.string() });
const review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });
const selfReview = z.looseObject({
  status: z.looseObject({
    userInfo: z.looseObject({ username: z.string(), groups: z.array(z.string()).nullish() }),
  }),
});
const podTemplate = z.looseObject({
  template: z.looseObject({
    spec: z.looseObject({ containers: z.array(z.looseObject({ args: z.array(z.string()).nullish() })) }),
  }),
});
const pod = z.looseObject({
  containers: z.array(
    z.looseObject({ command: z.array(z.string()).nullish(), args: z.array(z.string()).nullish() }),
  ),
});
const balanced = z.looseObject({
  loadBalancer: z.looseObject({ ingress: z.array(z.unknown()).nullish() }).nullish(),
});

/**
 * What a cluster shows of itself. Changes nothing in it.
 *
 * @param readers who may look at it without other rights.
 * @throws KubeApiError if it refuses to.
 */
export async function examine(api: KubeApi, readers: Wanted["readers"]): Promise<ClusterFacts> {
  const [versionText, self, rights] = await Promise.all([
    api.text("/version"),
    api.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", whoAreWe),
    api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", everything),
  ]);
  const mayDoEverything = review.parse(rights).status.allowed;
  const identity = identityIn(self);
  const mayLook = mayDoEverything || isAmong(readers, identity);
  const list = (path: string): Promise<KubeObject[]> => (mayLook ? api.list(path) : Promise.resolve([]));
  const [daemonSets, classes, services, nodes, servers] = await Promise.all([
    list("/apis/apps/v1/daemonsets"),
    list("/apis/storage.k8s.io/v1/storageclasses"),
    list("/api/v1/services"),
    list("/api/v1/nodes"),
    list("/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-apiserver"),
  ]);
  const k3s = k3sArguments(nodes);
  return {
    version: version.parse(JSON.parse(versionText)).gitVersion,
    identity,
    mayDoEverything,
    policies: policiesBy(daemonSets, k3s),
    defaultStorageClasses: classes.filter(isDefault).map(({ metadata }) => metadata.name),
    loadBalancer: loadBalancerBy({ daemonSets, services, nodes, k3s }),
    login: loginOf(servers, k3s),
  };
}

const whoAreWe = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };

function identityIn(answer: unknown): ClusterFacts["identity"] {
  const { username, groups } = selfReview.parse(answer).status.userInfo;
  return { user: username, groups: groups ?? [] };
}

const everything = {
  apiVersion: "authorization.k8s.io/v1",
  kind: "SelfSubjectAccessReview",
  spec: { resourceAttributes: { group: "*", version: "*", resource: "*", verb: "*" } },
};

function annotation({ metadata }: KubeObject, name: string): string | undefined {
  const annotations = metadata["annotations"] as Readonly<Record<string, string>> | undefined;
  return annotations?.[name];
}

function isDefault(storageClass: KubeObject): boolean {
  return annotation(storageClass, "storageclass.kubernetes.io/is-default-class") === "true";
}

/** What k3s' servers were started with; undefined where no node is k3s'. */
function k3sArguments(nodes: readonly KubeObject[]): string | undefined {
  const given = nodes
    .map((node) => annotation(node, "k3s.io/node-args"))
    .filter((text) => text !== undefined);
  return given.length === 0 ? undefined : given.join(" ");
}

function policiesBy(daemonSets: readonly KubeObject[], k3s: string | undefined): string | undefined {
  const found = daemonSets.find(({ metadata }) =>
    policyDaemonSets.some((known) => known.test(metadata.name)),
  );
  if (found !== undefined) return found.metadata.name;
  if (daemonSets.some(isAwsWithPolicies)) return "aws-node";
  return k3s === undefined || k3s.includes("--disable-network-policy") ? undefined : "k3s";
}

/** Amazon's network plugin applies policies only if it is told to. */
function isAwsWithPolicies({ metadata, spec }: KubeObject): boolean {
  if (metadata.name !== "aws-node") return false;
  const containers = podTemplate.safeParse(spec).data?.template.spec.containers ?? [];
  return containers.some(({ args }) => args?.includes("--enable-network-policy=true"));
}

function loadBalancerBy(seen: {
  readonly daemonSets: readonly KubeObject[];
  readonly services: readonly KubeObject[];
  readonly nodes: readonly KubeObject[];
  readonly k3s: string | undefined;
}): string | undefined {
  const served = seen.services.find(
    ({ status }) => (balanced.safeParse(status).data?.loadBalancer?.ingress ?? []).length > 0,
  );
  if (served !== undefined) return `${served.metadata.namespace}/${served.metadata.name}`;
  const daemon = seen.daemonSets.find(({ metadata }) =>
    loadBalancerDaemonSets.some((known) => known.test(metadata.name)),
  );
  if (daemon !== undefined) return daemon.metadata.name;
  if (seen.k3s !== undefined && !/--disable["=, ]+[^-]*servicelb/.test(seen.k3s)) return "k3s";
  return seen.nodes.map(({ spec }) => cloudOf(spec["providerID"])).find((cloud) => cloud !== undefined);
}

/** The cloud that a node's id names, e.g. `aws` of `aws:///eu-west-1a/i-0abc`. */
function cloudOf(providerId: unknown): string | undefined {
  const cloud = typeof providerId === "string" ? /^([a-z0-9-]+):\/\//.exec(providerId)?.[1] : undefined;
  return cloud === undefined || withoutLoadBalancers.includes(cloud) ? undefined : cloud;
}

function loginOf(servers: readonly KubeObject[], k3s: string | undefined): ClusterFacts["login"] {
  const given = [
    ...servers.flatMap(({ spec }) =>
      (pod.safeParse(spec).data?.containers ?? []).flatMap(({ command, args }) => [
        ...(command ?? []),
        ...(args ?? []),
      ]),
    ),
    ...(k3s === undefined ? [] : [k3s]),
  ];
  if (given.length === 0) return "hidden";
  return given.some((text) => /oidc-issuer-url|authentication-config/.test(text)) ? "there" : "missing";
}

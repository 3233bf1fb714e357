import type { ClusterNeed } from "../config/existingSection";
import type { Fault } from "../fault";
import { images } from "../versions";
import type { PacketSight } from "./policyProof";

/** What a cluster shows of itself, as far as the platform depends on it. */
export interface ClusterFacts {
  /** As the API server says, e.g. `v1.34.2+k3s1`. */
  readonly version: string;
  /** Who we are there. */
  readonly identity: { readonly user: string; readonly groups: readonly string[] };
  /** Whether our credentials may do everything. If they may not, and may not look either, nothing below is looked at. */
  readonly mayDoEverything: boolean;
  /** What applies NetworkPolicies, as far as it is known; absent where nothing of the kind is seen. */
  readonly policies: string | undefined;
  /** What packets showed, which counts for more than a name. Absent where none were sent. */
  readonly packets?: PacketSight | undefined;
  readonly defaultStorageClasses: readonly string[];
  /** What gives Services of type LoadBalancer their address; absent where nothing of the kind is seen. */
  readonly loadBalancer: string | undefined;
  /** Whether the API server takes tokens of an OpenID Connect issuer. Managed clusters don't show it. */
  readonly login: "there" | "missing" | "hidden";
}

/** What is asked of a cluster. */
export interface Wanted {
  /** Kubernetes' minor version that the configuration names. */
  readonly kubernetesVersion: string;
  /** Who alone sets the labels that say whose an object is. */
  readonly deployers: { readonly groups: readonly string[]; readonly users: readonly string[] };
  /** Who may look and no more, which is enough for a preview. Nobody in a run that changes something. */
  readonly readers: { readonly groups: readonly string[]; readonly users: readonly string[] };
  /** What may be missing. */
  readonly accept: readonly ClusterNeed[];
  /** Whether people are to log in to the cluster by OpenID Connect. */
  readonly hasLogin: boolean;
}

/** ValidatingAdmissionPolicies, which hold tenants to their namespaces, are there from this minor version on. */
const oldestMinor = 30;

/** What a cluster lacks of what the platform needs, each with its remedy. None if all is well. */
export function shortcomings(facts: ClusterFacts, wanted: Wanted): Fault[] {
  const looks = isAmong(wanted.readers, facts.identity);
  const first = [
    ...versionFaults(facts, wanted),
    ...(looks ? [] : [...identityFaults(facts, wanted), ...rightsFaults(facts)]),
  ];
  if (!facts.mayDoEverything && !looks) return first;
  const needs: Readonly<Record<ClusterNeed, Fault[]>> = {
    "network-policy": policyFaults(facts),
    "storage-class": storageFaults(facts),
    "load-balancer": loadBalancerFaults(facts),
    "oidc-login": wanted.hasLogin ? loginFaults(facts) : [],
  };
  return [
    ...first,
    ...Object.entries(needs).flatMap(([need, faults]) =>
      wanted.accept.includes(need as ClusterNeed) ? [] : faults,
    ),
  ];
}

/** Whether somebody is one of these, or in a group of these. */
export function isAmong(these: Wanted["readers"], { user, groups }: ClusterFacts["identity"]): boolean {
  return these.users.includes(user) || groups.some((group) => these.groups.includes(group));
}

function versionFaults({ version }: ClusterFacts, { kubernetesVersion }: Wanted): Fault[] {
  const minor = Number(/^v1\.(\d+)/.exec(version)?.[1] ?? 0);
  const path = "the cluster's version";
  if (minor < oldestMinor) {
    return [
      {
        path,
        given: version,
        expected: `Kubernetes 1.${String(oldestMinor)} or newer, which has ValidatingAdmissionPolicies`,
        remedy: "upgrade the cluster",
      },
    ];
  }
  if (minor >= Number(kubernetesVersion.split(".")[1])) return [];
  return [
    {
      path,
      given: version,
      expected: `at least cluster.kubernetesVersion, ${kubernetesVersion}: its rules for pods are unknown to an older cluster`,
      remedy: `set cluster.kubernetesVersion to "1.${String(minor)}", or upgrade the cluster`,
    },
  ];
}

function identityFaults({ identity }: ClusterFacts, { deployers }: Wanted): Fault[] {
  if (isAmong(deployers, identity)) return [];
  const { user, groups } = identity;
  const named = [
    ...deployers.groups.map((group) => `group ${group}`),
    ...deployers.users.map((name) => `user ${name}`),
  ];
  return [
    {
      path: "the kubeconfig's identity",
      given: `user ${user} in ${groups.length === 0 ? "no groups" : `the groups ${groups.join(", ")}`}`,
      expected: `one of cluster.deployers (${named.join(", ")}): those alone set the platform's labels`,
      remedy: "name the user, or a group that is the operators' alone, in cluster.deployers",
    },
  ];
}

function rightsFaults({ mayDoEverything }: ClusterFacts): Fault[] {
  if (mayDoEverything) return [];
  return [
    {
      path: "the kubeconfig's rights",
      given: "less than everything",
      expected: "every right: the platform makes roles, and nobody may give a right that they don't have",
      remedy:
        "have an administrator type: kubectl create clusterrolebinding terp --clusterrole=cluster-admin --user=NAME, with the name that kubectl auth whoami shows",
    },
  ];
}

function policyFaults({ policies, packets }: ClusterFacts): Fault[] {
  const path = "the cluster's network policies";
  const turnOn = "turn on what your provider has, as docs/clusters.md shows";
  switch (packets?.kind) {
    case "held":
      return [];
    case "passed":
      return [
        {
          path,
          given: "a packet that a policy forbids got through",
          expected: "policies that hold: without them tenants reach each other",
          remedy: turnOn,
        },
      ];
    case "unclear":
      return [
        {
          path,
          given: `nothing that packets could show (${packets.reason})`,
          expected: `pods of the image ${images.podinfo} that reach each other where no policy forbids it`,
          remedy: "let nodes pull that image, or set cluster.policyCheck to names",
        },
      ];
    case undefined:
      if (policies !== undefined) return [];
      return [
        {
          path,
          given: "nothing that is known to apply them",
          expected:
            "Cilium, Calico, Antrea, kube-router or a provider's own: without it tenants reach each other",
          remedy: `${turnOn}; if something else applies them, set cluster.policyCheck to packets, or add network-policy to cluster.accept`,
        },
      ];
  }
}

function storageFaults({ defaultStorageClasses: classes }: ClusterFacts): Fault[] {
  if (classes.length === 1) return [];
  return [
    {
      path: "the cluster's default storage class",
      given: classes.length === 0 ? "none" : classes.join(", "),
      expected: "one: claims of volumes that name no class get theirs from it",
      remedy: `type: kubectl annotate --overwrite storageclass NAME storageclass.kubernetes.io/is-default-class=${classes.length === 0 ? "true" : "false"}; if tenants need no volumes, add storage-class to cluster.accept`,
    },
  ];
}

function loadBalancerFaults({ loadBalancer }: ClusterFacts): Fault[] {
  if (loadBalancer !== undefined) return [];
  return [
    {
      path: "the cluster's load balancers",
      given: "no Service of type LoadBalancer with an address, and nothing that is known to give one",
      expected: "a cloud's, or MetalLB, kube-vip or k3s' own: requests from outside come in by it",
      remedy:
        "install one, as docs/clusters.md shows; if requests come in otherwise, add load-balancer to cluster.accept",
    },
  ];
}

function loginFaults({ login }: ClusterFacts): Fault[] {
  if (login !== "missing") return [];
  return [
    {
      path: "the cluster's login",
      given: "an API server that is told of no OpenID Connect issuer",
      expected: "the issuer of the section oidc: else nobody's login is good for the cluster",
      remedy:
        "start the API server with --oidc-issuer-url, --oidc-client-id and --oidc-groups-claim, as docs/clusters.md shows; if people need no login to the cluster, add oidc-login to cluster.accept",
    },
  ];
}

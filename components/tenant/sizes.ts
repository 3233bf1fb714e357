/** What one namespace of a tenant may use. Quantities are written as Kubernetes writes them. */
export interface Size {
  /** Cores that its containers may reserve together. */
  readonly cpuRequests: string;
  /** Memory that its containers may reserve together. */
  readonly memoryRequests: string;
  /** Memory that its containers may use together. */
  readonly memoryLimits: string;
  /** Storage that its volume claims may ask for together. */
  readonly storage: string;
  /** Number of volume claims. */
  readonly volumeClaims: number;
  /** Number of pods. */
  readonly pods: number;
  /** Number of Services. */
  readonly services: number;
  /** Number of sources, Kustomizations and HelmReleases of its own, of each: Flux does something for each of them all the time. */
  readonly reconciled: number;
  /** Number of ConfigMaps, and of Secrets: each is kept in the control plane's memory. */
  readonly configurationObjects: number;
  /** What a container gets that asks for nothing. */
  readonly containerDefault: {
    readonly cpuRequest: string;
    readonly memoryRequest: string;
    readonly memoryLimit: string;
  };
  /** The most memory that one container may be given. */
  readonly containerMemoryMaximum: string;
}

/** Names of the sizes that come with Terp. */
export type SizeClass = "small" | "medium" | "large";

const containerDefault = { cpuRequest: "10m", memoryRequest: "32Mi", memoryLimit: "128Mi" };

/** What the size classes mean. */
export const sizes: Readonly<Record<SizeClass, Size>> = {
  small: {
    cpuRequests: "1",
    memoryRequests: "1Gi",
    memoryLimits: "2Gi",
    storage: "10Gi",
    volumeClaims: 5,
    pods: 20,
    services: 10,
    reconciled: 10,
    configurationObjects: 50,
    containerDefault,
    containerMemoryMaximum: "1Gi",
  },
  medium: {
    cpuRequests: "4",
    memoryRequests: "8Gi",
    memoryLimits: "16Gi",
    storage: "50Gi",
    volumeClaims: 20,
    pods: 60,
    services: 30,
    reconciled: 30,
    configurationObjects: 150,
    containerDefault,
    containerMemoryMaximum: "8Gi",
  },
  large: {
    cpuRequests: "16",
    memoryRequests: "32Gi",
    memoryLimits: "64Gi",
    storage: "250Gi",
    volumeClaims: 60,
    pods: 200,
    services: 100,
    reconciled: 100,
    configurationObjects: 500,
    containerDefault,
    containerMemoryMaximum: "32Gi",
  },
};

/** The size behind a class, or the explicit size itself. */
export function sizeOf(size: SizeClass | Size): Size {
  return typeof size === "string" ? sizes[size] : size;
}

/** Kinds of Flux's that a tenant has of its own, and the HelmCharts that are made of its HelmReleases. */
export const reconciledKinds: readonly string[] = [
  "gitrepositories.source.toolkit.fluxcd.io",
  "ocirepositories.source.toolkit.fluxcd.io",
  "helmrepositories.source.toolkit.fluxcd.io",
  "helmcharts.source.toolkit.fluxcd.io",
  "kustomizations.kustomize.toolkit.fluxcd.io",
  "helmreleases.helm.toolkit.fluxcd.io",
];
/** Ways in from outside. */
export const routeKinds: readonly string[] = [
  "httproutes.gateway.networking.k8s.io",
  "grpcroutes.gateway.networking.k8s.io",
];
/** What cert-manager makes of a Certificate: a request, and with ACME an order and its challenges. */
const certificateKinds = ["certificates.cert-manager.io"];
const ofCertificates = [
  "certificaterequests.cert-manager.io",
  "orders.acme.cert-manager.io",
  "challenges.acme.cert-manager.io",
];

/** So many of each kind. */
function count(kinds: readonly string[], most: number): Record<string, string> {
  return Object.fromEntries(kinds.map((kind) => [`count/${kind}`, String(most)]));
}

/**
 * What a ResourceQuota's `hard` says for a size. No tenant opens a port of a node or a cloud's load balancer.
 *
 * Kubernetes learns of a new kind within 30 s (kube-controller-manager 1.34, cmd/kube-controller-manager/app/core.go). A quota that
 * was made before refuses objects of that kind until it is looked at again, after five minutes (--resource-quota-sync-period).
 *
 * @param countsRoutes Whether routes of the Gateway API are counted: not where a first start must not wait for that. Default true.
 */
export function quotaOf(size: Size, countsRoutes = true): Record<string, string> {
  return {
    "requests.cpu": size.cpuRequests,
    "requests.memory": size.memoryRequests,
    "limits.memory": size.memoryLimits,
    "requests.storage": size.storage,
    persistentvolumeclaims: String(size.volumeClaims),
    pods: String(size.pods),
    services: String(size.services),
    "services.nodeports": "0",
    "services.loadbalancers": "0",
    configmaps: String(size.configurationObjects),
    secrets: String(size.configurationObjects),
    "count/deployments.apps": String(size.pods),
    // Ten old revisions are kept for each Deployment.
    "count/replicasets.apps": String(size.pods * 11),
    "count/statefulsets.apps": String(size.pods),
    "count/daemonsets.apps": String(size.pods),
    // Ten of each StatefulSet and DaemonSet are kept as well.
    "count/controllerrevisions.apps": String(size.pods * 11),
    "count/jobs.batch": String(size.pods * 2),
    "count/cronjobs.batch": String(size.pods),
    "count/horizontalpodautoscalers.autoscaling": String(size.pods),
    "count/poddisruptionbudgets.policy": String(size.pods),
    "count/ingresses.networking.k8s.io": String(size.services),
    // The platform's own is one of them.
    "count/networkpolicies.networking.k8s.io": String(size.services + 1),
    // Each namespace has one that nobody made.
    "count/serviceaccounts": String(size.services + 1),
    ...count(reconciledKinds, size.reconciled),
    ...(countsRoutes ? count(routeKinds, size.services) : {}),
    ...count(certificateKinds, size.services),
    // The one in force, and those of failed attempts until they are cleaned up.
    ...count(ofCertificates, size.services * 4),
  };
}

/** A LimitRange's `limits` for a size: defaults, so that the quota admits a container that asks for nothing, and a ceiling. */
export function limitsOf(size: Size): {
  type: string;
  default: Record<string, string>;
  defaultRequest: Record<string, string>;
  max: Record<string, string>;
}[] {
  return [
    {
      type: "Container",
      // No limit of processor time: shares follow the requests, and a limit would only leave cores idle.
      default: { memory: size.containerDefault.memoryLimit },
      defaultRequest: { cpu: size.containerDefault.cpuRequest, memory: size.containerDefault.memoryRequest },
      max: { memory: size.containerMemoryMaximum },
    },
  ];
}

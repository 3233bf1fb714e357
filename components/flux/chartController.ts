import { namespaceNamed, tcp, toClusterDns, type NetworkPolicySpec } from "../networkPolicy";
import { restrictedContainer } from "../pod";
import { toApiServer } from "./controllers";
import {
  accountWithoutRights,
  fluxNamespace,
  helmController,
  helmValuesName,
  reconcilerAccount,
  sourceController,
} from "./names";

/** A rule of {@link chartControllerRules}, whose lists are plain: they depend on no resource. */
interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

const read = ["get", "list", "watch"];

/**
 * What a tenant's helm-controller may do, in the tenant's own namespaces and nowhere else. What a chart contains it installs as
 * the tenant's reconciler; by itself it only keeps the HelmReleases' status and has their charts fetched.
 *
 * It watches the Secrets and ConfigMaps of a namespace, which can't be turned off (helm-controller 1.4.3,
 * internal/controller/helmrelease_manager.go): that is why no controller serves two tenants.
 */
export const chartControllerRules: readonly Rule[] = [
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["secrets", "configmaps"], resourceNames: [helmValuesName], verbs: ["get"] },
  { apiGroups: [""], resources: ["serviceaccounts"], verbs: read },
  {
    apiGroups: [""],
    resources: ["serviceaccounts"],
    resourceNames: [reconcilerAccount],
    verbs: ["impersonate"],
  },
  { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"], verbs: [...read, "update", "patch"] },
  {
    apiGroups: ["helm.toolkit.fluxcd.io"],
    resources: ["helmreleases/status", "helmreleases/finalizers"],
    verbs: ["get", "update", "patch"],
  },
  {
    apiGroups: ["source.toolkit.fluxcd.io"],
    resources: ["helmcharts"],
    verbs: [...read, "create", "update", "patch", "delete"],
  },
  { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["ocirepositories"], verbs: read },
];

/** The ClusterRole of {@link chartControllerRules}, bound in tenants' own namespaces. */
export const chartControllerRole = "terp-helm-controller";

/** Whom a tenant's helm-controller reaches: the cluster's DNS and API server, and what source-controller has fetched. */
export const chartControllerNetwork: NetworkPolicySpec = {
  podSelector: { matchLabels: { app: helmController } },
  policyTypes: ["Ingress", "Egress"],
  ingress: [],
  egress: [
    toClusterDns,
    toApiServer,
    {
      to: [{ ...namespaceNamed(fluxNamespace), podSelector: { matchLabels: { app: sourceController } } }],
      ports: tcp(9090),
    },
  ],
};

/** What {@link chartControllerSpec} runs. */
export interface ChartController {
  readonly image: string;
  /** Full names of the tenant's own namespaces: a helm-controller watches one of them, or the whole cluster. */
  readonly namespaces: readonly string[];
  /** Whether nothing is installed any more. */
  readonly isSuspended: boolean;
}

/** The first container's port for its health; the next has the next. */
const healthPort = 9440;

function container(image: string, namespace: string, port: number): object {
  return {
    name: namespace,
    image,
    imagePullPolicy: "IfNotPresent",
    args: [
      "--log-level=info",
      "--log-encoding=json",
      "--watch-all-namespaces=false",
      "--enable-leader-election=false",
      "--no-cross-namespace-refs=true",
      // It may not act as this one, so a HelmRelease that names none is applied by nobody.
      `--default-service-account=${accountWithoutRights}`,
      "--concurrent=2",
      "--requeue-dependency=2s",
      "--graceful-shutdown-timeout=5s",
      // What a HelmRelease's status says of a release of older days isn't taken over.
      "--feature-gates=AdoptLegacyReleases=false",
      "--metrics-addr=0",
      `--health-addr=:${String(port)}`,
    ],
    env: [
      // What it watches, though it runs elsewhere.
      { name: "RUNTIME_NAMESPACE", value: namespace },
      { name: "HOME", value: "/tmp" },
      { name: "GOMEMLIMIT", value: "96MiB" },
    ],
    ports: [{ name: `healthz-${String(port)}`, containerPort: port }],
    readinessProbe: { httpGet: { port, path: "/readyz" }, periodSeconds: 1 },
    livenessProbe: { httpGet: { port, path: "/healthz" } },
    volumeMounts: [{ name: "temporary", mountPath: "/tmp" }],
    resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "512Mi" } },
    securityContext: {
      ...restrictedContainer,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** The `spec` of the Deployment with a tenant's helm-controllers, one for each of its own namespaces. */
export function chartControllerSpec({ image, namespaces, isSuspended }: ChartController): object {
  const labels = { app: helmController };
  return {
    replicas: isSuspended ? 0 : 1,
    // One at a time: there is no leader election.
    strategy: { type: "Recreate" },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: helmController,
        terminationGracePeriodSeconds: 10,
        securityContext: { fsGroup: 1337, runAsUser: 65534, runAsNonRoot: true },
        containers: namespaces.map((namespace, index) => container(image, namespace, healthPort + index)),
        volumes: [{ name: "temporary", emptyDir: {} }],
      },
    },
  };
}

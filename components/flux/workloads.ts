import type { Manifest } from "../manifest";
import {
  fluxNamespace,
  kustomizeController,
  notificationController,
  sourceController,
  webhookService,
} from "./names";

/** Images of the controllers that {@link ownWorkloads} runs. */
export interface FluxImages {
  readonly sourceController: string;
  readonly kustomizeController: string;
  readonly notificationController: string;
}

const account = (name: string): Manifest => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: fluxNamespace },
});

interface Workload {
  readonly name: string;
  readonly image: string;
  readonly arguments: readonly string[];
  /** Ports beyond those for metrics and health. */
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  /** Port and path by which the controller says that it can work. */
  readonly readiness: { readonly port: string; readonly path: string };
  /** Folders it writes to: everything else is read-only. */
  readonly folders: Readonly<Record<string, string>>;
  /** Go's soft limit, below which the collector works harder rather than let the heap grow. */
  readonly softMemoryLimit: string;
}

function deployment(workload: Workload): Manifest {
  const labels = { app: workload.name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: workload.name, namespace: fluxNamespace, labels: { "control-plane": "controller" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 10,
          securityContext: { fsGroup: 1337, runAsUser: 65534, runAsNonRoot: true },
          containers: [
            {
              name: "manager",
              image: workload.image,
              imagePullPolicy: "IfNotPresent",
              args: ["--log-level=info", "--log-encoding=json", ...workload.arguments],
              env: [
                { name: "RUNTIME_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
                { name: "TUF_ROOT", value: "/tmp/.sigstore" },
                { name: "HOME", value: "/tmp" },
                { name: "GOMEMLIMIT", value: workload.softMemoryLimit },
              ],
              ports: [
                ...workload.ports,
                { name: "http-prom", containerPort: 8080 },
                { name: "healthz", containerPort: 9440 },
              ],
              readinessProbe: { httpGet: workload.readiness, periodSeconds: 1 },
              livenessProbe: { httpGet: { port: "healthz", path: "/healthz" } },
              volumeMounts: Object.entries(workload.folders).map(([name, mountPath]) => ({
                name,
                mountPath,
              })),
            },
          ],
          volumes: Object.keys(workload.folders).map((name) => ({ name, emptyDir: {} })),
        },
      },
    },
  };
}

/** A Service of a controller, by the port's name. */
const service = (name: string, app: string, targetPort: string): Manifest => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: fluxNamespace },
  spec: {
    type: "ClusterIP",
    selector: { app },
    ports: [{ name: "http", port: 80, protocol: "TCP", targetPort }],
  },
});

/**
 * Namespace, accounts, Services and Deployments of Flux's source-, kustomize- and notification-controller, for machines that
 * can't get the release's own manifests. Rights, network and the arguments that decide tenancy come from `lockDown`.
 */
export function ownWorkloads(images: FluxImages): Manifest[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: fluxNamespace } },
    account(sourceController),
    account(kustomizeController),
    account(notificationController),
    service(sourceController, sourceController, "http"),
    service(webhookService, notificationController, "http-webhook"),
    deployment({
      name: sourceController,
      image: images.sourceController,
      arguments: [
        "--storage-path=/data",
        // The last dot keeps the resolver from trying every search domain first.
        `--storage-adv-addr=${sourceController}.$(RUNTIME_NAMESPACE).svc.cluster.local.`,
      ],
      ports: [{ name: "http", containerPort: 9090 }],
      readiness: { port: "http", path: "/" },
      folders: { data: "/data", temporary: "/tmp" },
      softMemoryLimit: "96MiB",
    }),
    deployment({
      name: kustomizeController,
      image: images.kustomizeController,
      arguments: [],
      ports: [],
      readiness: { port: "healthz", path: "/readyz" },
      folders: { temporary: "/tmp" },
      softMemoryLimit: "96MiB",
    }),
    deployment({
      name: notificationController,
      image: images.notificationController,
      arguments: [],
      ports: [{ name: "http-webhook", containerPort: 9292 }],
      readiness: { port: "healthz", path: "/readyz" },
      folders: { temporary: "/tmp" },
      softMemoryLimit: "64MiB",
    }),
  ];
}

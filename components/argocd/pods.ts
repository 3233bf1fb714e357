import type { types } from "@pulumi/kubernetes";

import { restrictedContainer, restrictedUser } from "../pod";
import { applicationController, argocdPorts, argocdRedis, argocdServer } from "./names";

type PodTemplate = types.input.core.v1.PodTemplateSpec;
type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;

/** The user and group that all parts run as: the images' own. */
const user = 999;
/** Where Redis has its settings, the password among them. */
const redisSettings = "/etc/redis";

/** What the pods have in common. */
export interface ArgocdPodArgs {
  /** Argo CD's image. */
  readonly image: string;
  /** How often each repository is asked for its newest commit, e.g. `30s`. */
  readonly poll: string;
  /** Changes when settings do that are read at the start alone. */
  readonly settingsDigest: string;
}

/** What is a part's own. */
export interface Part {
  readonly name: string;
  readonly image: string;
  readonly container: Omit<Container, "name" | "image">;
  /** Whether it asks the API server. */
  readonly hasToken: boolean;
  readonly volumes: readonly Volume[];
  readonly settingsDigest: string;
}

/** A pod of one container, as restricted as a pod can be. */
export function pod(part: Part): PodTemplate {
  return {
    metadata: { labels: { app: part.name }, annotations: { "terp.dev/settings": part.settingsDigest } },
    spec: {
      serviceAccountName: part.name,
      automountServiceAccountToken: part.hasToken,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 10,
      securityContext: restrictedUser(user),
      containers: [
        {
          name: part.name,
          image: part.image,
          imagePullPolicy: "IfNotPresent",
          securityContext: restrictedContainer,
          ...part.container,
        },
      ],
      volumes: [...part.volumes],
    },
  };
}

/** A folder that is lost with the pod. */
export const scratch = (name: string): Volume => ({ name, emptyDir: {} });

/** By which a part reaches the cache. */
export const redisAccess = [
  { name: "REDIS_SERVER", value: `${argocdRedis}:${String(argocdPorts.redis)}` },
  { name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: argocdRedis, key: "auth" } } },
];

/** Argo CD's cache: all of it can be made again, so nothing is written. */
export function redisPod(image: string, settingsDigest: string): PodTemplate {
  return pod({
    name: argocdRedis,
    image,
    hasToken: false,
    settingsDigest,
    container: {
      // The password isn't an argument, which the node's processes could see.
      command: ["redis-server", `${redisSettings}/redis.conf`],
      workingDir: "/tmp",
      ports: [{ name: "redis", containerPort: argocdPorts.redis }],
      readinessProbe: { tcpSocket: { port: "redis" }, periodSeconds: 1 },
      livenessProbe: { tcpSocket: { port: "redis" }, periodSeconds: 20 },
      resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { memory: "128Mi" } },
      volumeMounts: [
        { name: "settings", mountPath: redisSettings, readOnly: true },
        { name: "temporary", mountPath: "/tmp" },
      ],
    },
    volumes: [
      {
        name: "settings",
        secret: { secretName: argocdRedis, items: [{ key: "redis.conf", path: "redis.conf" }] },
      },
      scratch("temporary"),
    ],
  });
}

/** What compares and applies. */
export function controllerPod({ image, poll, settingsDigest }: ArgocdPodArgs): PodTemplate {
  const healthy = { httpGet: { path: "/healthz", port: "health" } };
  return pod({
    name: applicationController,
    image,
    hasToken: true,
    settingsDigest,
    container: {
      command: [`/usr/local/bin/${applicationController}`],
      workingDir: "/home/argocd",
      env: [
        ...redisAccess,
        { name: "ARGOCD_CONTROLLER_REPLICAS", value: "1" },
        { name: "ARGOCD_RECONCILIATION_TIMEOUT", value: poll },
        { name: "ARGOCD_RECONCILIATION_JITTER", value: "0s" },
        { name: "KUBECACHEDIR", value: "/tmp/kubecache" },
        { name: "GOMEMLIMIT", value: "768MiB" },
      ],
      ports: [{ name: "health", containerPort: argocdPorts.controllerHealth }],
      startupProbe: { ...healthy, periodSeconds: 1, failureThreshold: 300 },
      readinessProbe: { ...healthy, periodSeconds: 2, timeoutSeconds: 5 },
      livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 10 },
      resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "1Gi" } },
      volumeMounts: [
        { name: "home", mountPath: "/home/argocd" },
        { name: "temporary", mountPath: "/tmp" },
      ],
    },
    volumes: [scratch("home"), scratch("temporary")],
  });
}

/** Argo CD's pages and its API. What is before it ends TLS. */
export function serverPod({ image, settingsDigest }: Omit<ArgocdPodArgs, "poll">): PodTemplate {
  const healthy = { httpGet: { path: "/healthz", port: "http" } };
  return pod({
    name: argocdServer,
    image,
    hasToken: true,
    settingsDigest,
    container: {
      command: [`/usr/local/bin/${argocdServer}`],
      env: [
        ...redisAccess,
        { name: "ARGOCD_SERVER_INSECURE", value: "true" },
        { name: "ARGOCD_SYNC_WITH_REPLACE_ALLOWED", value: "false" },
        { name: "GOMEMLIMIT", value: "192MiB" },
      ],
      ports: [{ name: "http", containerPort: argocdPorts.server }],
      startupProbe: { ...healthy, periodSeconds: 1, failureThreshold: 300 },
      readinessProbe: { ...healthy, periodSeconds: 2, timeoutSeconds: 5 },
      livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 10 },
      resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
      volumeMounts: [{ name: "temporary", mountPath: "/tmp" }],
    },
    volumes: [scratch("temporary")],
  });
}

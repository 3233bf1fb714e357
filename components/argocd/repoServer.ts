import type { types } from "@pulumi/kubernetes";

import { argocdPorts, repoServer } from "./names";
import { pod, redisAccess, scratch, type ArgocdPodArgs } from "./pods";

type PodTemplate = types.input.core.v1.PodTemplateSpec;

/** Where requests by HTTP go: nothing listens there. */
const nowhere = "http://127.0.0.1:9";

/** What fetches repositories. It has no account's token: whoever breaks out of a manifest's tools finds no way to the API server. */
export function repoServerPod({ image, poll, settingsDigest }: ArgocdPodArgs): PodTemplate {
  const healthy = { httpGet: { path: "/healthz", port: "health" } };
  return pod({
    name: repoServer,
    image,
    hasToken: false,
    settingsDigest,
    container: {
      command: [`/usr/local/bin/${repoServer}`],
      env: [
        ...redisAccess,
        // What a repository names by HTTP comes to nothing at once, and not after half a minute.
        { name: "HTTP_PROXY", value: nowhere },
        { name: "HTTPS_PROXY", value: nowhere },
        // Who reaches a loopback address is asked for no proxy: a repository would read the metrics, which name all others.
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "ARGOCD_REPO_SERVER_METRICS_LISTEN_ADDRESS", value: "[$(POD_IP)]" },
        // How long it believes what it knows of a branch.
        { name: "ARGOCD_RECONCILIATION_TIMEOUT", value: poll },
        // A submodule may be anywhere.
        { name: "ARGOCD_GIT_MODULES_ENABLED", value: "false" },
        { name: "ARGOCD_GPG_ENABLED", value: "false" },
        { name: "ARGOCD_REPO_SERVER_ALLOW_OUT_OF_BOUNDS_SYMLINKS", value: "false" },
        { name: "HELM_CACHE_HOME", value: "/helm-working-dir" },
        { name: "HELM_CONFIG_HOME", value: "/helm-working-dir" },
        { name: "HELM_DATA_HOME", value: "/helm-working-dir" },
        { name: "GOMEMLIMIT", value: "384MiB" },
      ],
      ports: [
        { name: "grpc", containerPort: argocdPorts.repoServer },
        { name: "health", containerPort: argocdPorts.repoServerHealth },
      ],
      startupProbe: { ...healthy, periodSeconds: 1, failureThreshold: 300 },
      readinessProbe: { ...healthy, periodSeconds: 2, timeoutSeconds: 5 },
      livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 10 },
      resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "512Mi" } },
      volumeMounts: [
        { name: "known-hosts", mountPath: "/app/config/ssh", readOnly: true },
        { name: "temporary", mountPath: "/tmp" },
        { name: "helm", mountPath: "/helm-working-dir" },
      ],
    },
    volumes: [
      { name: "known-hosts", configMap: { name: "argocd-ssh-known-hosts-cm" } },
      scratch("temporary"),
      scratch("helm"),
    ],
  });
}

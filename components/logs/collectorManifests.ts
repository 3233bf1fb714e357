import type { types } from "@pulumi/kubernetes";

import { namespaceNamed, tcp, toClusterDns, type NetworkPolicySpec } from "../networkPolicy";
import { restrictedContainer } from "../pod";
import { collectorFeatureGates, collectorHealthPort, collectorPaths } from "./collectorConfiguration";
import { gatewayLabels } from "./gatewayManifests";
import { collectorName, logGatewayPorts, logsNamespace } from "./names";

/** Labels by which the collectors' pods are found. */
export const collectorLabels = { app: collectorName } as const;

/** The key of its Secret. */
export const collectorSettings = "collector.json";

/** A collector reaches the gateway and the cluster's DNS, and nobody reaches it. */
export function collectorNetworkPolicy(): NetworkPolicySpec {
  const gateway = { ...namespaceNamed(logsNamespace), podSelector: { matchLabels: gatewayLabels } };
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [],
    egress: [toClusterDns, { to: [gateway], ports: tcp(logGatewayPorts.pod) }],
  };
}

/** What a collector's pod is like. */
export interface CollectorPodArgs {
  readonly image: string;
  /** The Secret with its configuration. */
  readonly settingsSecret: string;
  /** Changes when the configuration does. */
  readonly settingsDigest: string;
  /** The node's folder with the pods' lines. */
  readonly podsFolder: string;
  /** The node's folder for what the collector remembers. */
  readonly stateFolder: string;
}

/**
 * The `template` of the collectors' DaemonSet. It runs as root, because the kubelet's files are root's, and has none of root's rights: all it
 * can do on the node is read lines and write its own folder.
 */
export function collectorPod(args: CollectorPodArgs): types.input.core.v1.PodTemplateSpec {
  const { pods, state, settings } = collectorPaths;
  const answers = { httpGet: { path: "/", port: "health" } };
  return {
    metadata: { labels: collectorLabels, annotations: { "terp.dev/settings": args.settingsDigest } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // It can be killed at any moment, and nothing is gained by waiting.
      terminationGracePeriodSeconds: 1,
      // Lines are wanted most when a node runs out of something.
      priorityClassName: "system-node-critical",
      tolerations: [{ operator: "Exists" }],
      securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: collectorName,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          args: [`--config=${settings}/${collectorSettings}`, `--feature-gates=${collectorFeatureGates}`],
          // Most of its memory is lines that pass through: a seventh of its time went into looking for what is in use.
          env: [
            { name: "GOMEMLIMIT", value: "256MiB" },
            { name: "GOGC", value: "400" },
          ],
          ports: [{ name: "health", containerPort: collectorHealthPort }],
          securityContext: restrictedContainer,
          resources: { requests: { cpu: "30m", memory: "96Mi" }, limits: { memory: "512Mi" } },
          readinessProbe: { ...answers, periodSeconds: 2 },
          livenessProbe: { ...answers, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
          volumeMounts: [
            { name: "pods", mountPath: pods, readOnly: true },
            { name: "state", mountPath: state },
            { name: "settings", mountPath: settings, readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: "pods", hostPath: { path: args.podsFolder, type: "Directory" } },
        { name: "state", hostPath: { path: args.stateFolder, type: "DirectoryOrCreate" } },
        { name: "settings", secret: { secretName: args.settingsSecret, defaultMode: 0o400 } },
      ],
    },
  };
}

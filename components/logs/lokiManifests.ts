import type * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";

import { tcp, toClusterDns, type EgressRule, type NetworkPolicySpec } from "../networkPolicy";
import { restrictedContainer, restrictedUser, spreadOverNodes } from "../pod";
import { lokiPaths, lokiPorts, type LogStorage } from "./lokiConfiguration";
import { logGatewayName, lokiName } from "./names";

/** Labels by which Loki's pods are found. */
export const lokiLabels = { app: lokiName } as const;

/** The user and group that Loki runs as, and that own its data: its image's own. */
export const lokiUser = 10001;

/** Seconds in which Loki writes what it has in memory before it is ended; what it can't is in its write-ahead log. */
const gracePeriod = 60;

/** Link-local addresses, the cloud's metadata among them. */
const linkLocal = "169.254.0.0/16";

/**
 * Who reaches Loki: the gateway, and Loki's replicas each other. It reaches those, the cluster's DNS, and where lines are in a cloud's
 * store, that by HTTPS.
 */
export function lokiNetworkPolicy(storage: LogStorage): NetworkPolicySpec {
  const replicas = { podSelector: { matchLabels: lokiLabels } };
  const among = tcp(lokiPorts.http, lokiPorts.grpc, lokiPorts.ring);
  const toStore: EgressRule = {
    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [linkLocal] } }],
    ports: tcp(443),
  };
  return {
    podSelector: { matchLabels: lokiLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ podSelector: { matchLabels: { app: logGatewayName } } }], ports: tcp(lokiPorts.http) },
      ...(storage.kind === "volume" ? [] : [{ from: [replicas], ports: among }]),
    ],
    egress: [toClusterDns, ...(storage.kind === "volume" ? [] : [{ to: [replicas], ports: among }, toStore])],
  };
}

/** Annotations of Loki's account, by which a cloud knows it. */
export function lokiAccountAnnotations(storage: LogStorage): Record<string, pulumi.Input<string>> {
  switch (storage.kind) {
    case "volume":
      return {};
    case "azure-blob":
      return { "azure.workload.identity/client-id": storage.clientId };
    case "s3":
      return { "eks.amazonaws.com/role-arn": storage.role };
  }
}

/** What Loki's pods are like. */
export interface LokiPodArgs {
  readonly image: string;
  readonly storage: LogStorage;
  /** Changes when the configuration does: Loki reads it at its start. Tenants' limits it reads anew by itself. */
  readonly settingsDigest: string;
}

/** The `template` of Loki's StatefulSet. It meets Pod Security's `restricted` profile, and its root is read-only. */
export function lokiPod({
  image,
  storage,
  settingsDigest,
}: LokiPodArgs): types.input.core.v1.PodTemplateSpec {
  const { data, settings } = lokiPaths;
  const answers = { httpGet: { path: "/ready", port: "http" } };
  const identity: Record<string, string> =
    storage.kind === "azure-blob" ? { "azure.workload.identity/use": "true" } : {};
  return {
    metadata: {
      labels: { ...lokiLabels, ...identity },
      annotations: { "terp.dev/settings": settingsDigest },
    },
    spec: {
      serviceAccountName: lokiName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: gracePeriod,
      securityContext: { ...restrictedUser(lokiUser), fsGroupChangePolicy: "OnRootMismatch" },
      topologySpreadConstraints: spreadOverNodes(lokiLabels),
      containers: [
        {
          name: lokiName,
          image,
          imagePullPolicy: "IfNotPresent",
          args: [`-config.file=${settings}/loki.yaml`],
          env: [{ name: "GOMEMLIMIT", value: "768MiB" }],
          ports: [
            { name: "http", containerPort: lokiPorts.http },
            { name: "grpc", containerPort: lokiPorts.grpc },
            { name: "ring", containerPort: lokiPorts.ring },
          ],
          securityContext: restrictedContainer,
          resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "1Gi" } },
          // Its write-ahead log may be long.
          startupProbe: { ...answers, periodSeconds: 1, failureThreshold: 600 },
          readinessProbe: { ...answers, periodSeconds: 2 },
          livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 6 },
          volumeMounts: [
            { name: "data", mountPath: data },
            { name: "settings", mountPath: settings, readOnly: true },
            { name: "temporary", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "settings", configMap: { name: lokiName } },
        { name: "temporary", emptyDir: {} },
      ],
    },
  };
}

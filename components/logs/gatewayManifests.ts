import type { types } from "@pulumi/kubernetes";

import { roleLabel } from "../metadata";
import { tcp, toClusterDns, type NetworkPolicySpec } from "../networkPolicy";
import { restrictedContainer, restrictedUser, spreadOverNodes } from "../pod";
import { gatewayHealthPath } from "./gatewayConfiguration";
import { lokiPorts } from "./lokiConfiguration";
import { lokiLabels } from "./lokiManifests";
import { logGatewayName, logGatewayPorts, readsLogsLabel } from "./names";

/** Labels by which the gateway's pods are found. */
export const gatewayLabels = { app: logGatewayName } as const;

const gatewayUser = 65532;
/** Where its pod has its configuration. */
const settingsFolder = "/etc/caddy";
/** The key of its Secret. */
export const gatewaySettings = "caddy.json";

/**
 * Who reaches the gateway: the collectors, and namespaces of the platform's that read logs. It reaches Loki and the cluster's DNS.
 */
export function gatewayNetworkPolicy(): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: gatewayLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { [roleLabel]: "collector" } } },
          { namespaceSelector: { matchLabels: { [readsLogsLabel]: "true" } } },
        ],
        ports: tcp(logGatewayPorts.pod),
      },
    ],
    egress: [
      toClusterDns,
      { to: [{ podSelector: { matchLabels: lokiLabels } }], ports: tcp(lokiPorts.http) },
    ],
  };
}

/** What the gateway's pods are like. */
export interface GatewayPodArgs {
  readonly image: string;
  /** The Secret with its configuration. */
  readonly settingsSecret: string;
  /** Changes when the configuration does. */
  readonly settingsDigest: string;
}

/** The `template` of the gateway's Deployment. It meets Pod Security's `restricted` profile, and its root is read-only. */
export function gatewayPod(args: GatewayPodArgs): types.input.core.v1.PodTemplateSpec {
  const answers = { httpGet: { path: gatewayHealthPath, port: "http" } };
  return {
    metadata: { labels: gatewayLabels, annotations: { "terp.dev/settings": args.settingsDigest } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 15,
      securityContext: restrictedUser(gatewayUser),
      topologySpreadConstraints: spreadOverNodes(gatewayLabels),
      containers: [
        {
          name: logGatewayName,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          command: ["/usr/bin/caddy", "run", "--config", `${settingsFolder}/${gatewaySettings}`],
          env: [
            { name: "HOME", value: "/tmp" },
            { name: "XDG_DATA_HOME", value: "/tmp" },
            { name: "XDG_CONFIG_HOME", value: "/tmp" },
            { name: "GOMEMLIMIT", value: "96MiB" },
          ],
          ports: [{ name: "http", containerPort: logGatewayPorts.pod }],
          securityContext: {
            ...restrictedContainer,
            // The publisher's program bears the right to low ports, and isn't run by who couldn't have it.
            capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
          },
          resources: { requests: { cpu: "20m", memory: "48Mi" }, limits: { memory: "256Mi" } },
          readinessProbe: { ...answers, periodSeconds: 1 },
          livenessProbe: { ...answers, periodSeconds: 20, timeoutSeconds: 5 },
          volumeMounts: [
            { name: "settings", mountPath: settingsFolder, readOnly: true },
            { name: "temporary", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "settings", secret: { secretName: args.settingsSecret, defaultMode: 0o440 } },
        { name: "temporary", emptyDir: {} },
      ],
    },
  };
}

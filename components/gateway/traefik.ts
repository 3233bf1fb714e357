import type { types } from "@pulumi/kubernetes";

import { toClusterDns, tcp, type EgressRule, type NetworkPolicySpec } from "../networkPolicy";
import { roleLabel } from "../metadata";
import { restrictedContainer, spreadOverNodes } from "../pod";
import type { PolicyRule } from "../policyRule";
import { apiAccess, apiAccessFileName, apiAccessFolder } from "./apiAccess";
import { gatewayName, gatewayNamespace, gatewayPorts } from "./names";
import { toSolvers } from "./solvers";

/** Labels by which Traefik's pods are found. */
export const traefikLabels = { app: gatewayName } as const;

/** The user and group that Traefik runs as. */
const user = 65532;
const pingPort = 8082;

/** By what a Gateway's status says where it is reached, for what makes DNS records of it. */
export type StatusAddress =
  /** An address. */
  | { readonly kind: "ip"; readonly address: string }
  /** That of the load balancer of its Service. */
  | { readonly kind: "service" }
  | { readonly kind: "none" };

function statusArguments(status: StatusAddress): readonly string[] {
  const setting = "--providers.kubernetesGateway.statusAddress";
  switch (status.kind) {
    case "ip":
      return [`${setting}.ip=${status.address}`];
    case "service":
      return [`${setting}.service.name=${gatewayName}`, `${setting}.service.namespace=${gatewayNamespace}`];
    case "none":
      return [];
  }
}

/**
 * What Traefik is started with: Gateways and their routes, and nothing else of what it can do: no dashboard, no API of its
 * own, no other provider but the file by which it reaches the API server.
 */
export function traefikArguments(status: StatusAddress): string[] {
  return [
    "--global.checkNewVersion=false",
    "--global.sendAnonymousUsage=false",
    "--log.format=json",
    "--log.level=INFO",
    `--entryPoints.http.address=:${String(gatewayPorts.http)}`,
    `--entryPoints.https.address=:${String(gatewayPorts.https)}`,
    // A header by another spelling, as X_Forwarded_For, could be taken for one that Traefik sets.
    ...["http", "https"].map((name) => `--entryPoints.${name}.http.aliasHeadersStrategy=delete`),
    // What balances in front of it hears a moment later that a pod goes.
    ...["http", "https"].map(
      (name) => `--entryPoints.${name}.transport.lifeCycle.requestAcceptGraceTimeout=5s`,
    ),
    `--entryPoints.ping.address=:${String(pingPort)}`,
    "--ping.entryPoint=ping",
    `--entryPoints.${apiAccess.entryPoint}.address=${apiAccess.address}`,
    `--providers.file.filename=${apiAccessFolder}/${apiAccessFileName}`,
    "--providers.file.watch=false",
    "--providers.providersThrottleDuration=500ms",
    "--providers.kubernetesGateway=true",
    `--providers.kubernetesGateway.endpoint=http://${apiAccess.address}`,
    // A route's backend is a Service, and none of Traefik's own: nobody's routes but those of this namespace name others.
    `--providers.kubernetesGateway.crossProviderNamespaces=${gatewayNamespace}`,
    ...statusArguments(status),
  ];
}

const look = ["list", "watch"];
const gatewayGroup = "gateway.networking.k8s.io";
const routes = ["httproutes", "grpcroutes", "tlsroutes"];

/** What Traefik may do in the whole cluster: look at Gateways, routes and where Services lead, and say what came of them. */
export const traefikRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces", "services"], verbs: look },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: look },
  {
    apiGroups: [gatewayGroup],
    resources: ["gatewayclasses", "gateways", ...routes, "referencegrants", "backendtlspolicies"],
    verbs: [...look, "get"],
  },
  {
    apiGroups: [gatewayGroup],
    resources: ["gatewayclasses", "gateways", ...routes, "backendtlspolicies"].map(
      (kind) => `${kind}/status`,
    ),
    verbs: ["update", "patch"],
  },
];

/** What it may do in its own namespace alone: read the certificates that Gateways name. */
export const certificateRules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: look },
];

/** The API server's Service is on 443; where its address is a node's own, the policy sees the node's port. */
const toApiServer: EgressRule = { ports: tcp(443, 6443) };

/** Everybody reaches the gateway, on its two ports; it reaches tenants' pods, the platform's own pages, what answers challenges, and the API server. */
export const traefikNetworkPolicy: NetworkPolicySpec = {
  podSelector: { matchLabels: traefikLabels },
  policyTypes: ["Ingress", "Egress"],
  ingress: [{ ports: tcp(gatewayPorts.http, gatewayPorts.https) }],
  egress: [
    toClusterDns,
    toApiServer,
    toSolvers,
    ...["tenant", "platform"].map((role): EgressRule => ({
      to: [{ namespaceSelector: { matchLabels: { [roleLabel]: role } } }],
    })),
  ],
};

/** What Traefik's pods are like. */
export interface TraefikPodArgs {
  readonly image: string;
  /** The ConfigMap with its way to the API server. */
  readonly settings: string;
  /** Changes when those do, so that it starts anew. */
  readonly settingsDigest: string;
  readonly status: StatusAddress;
}

/** The `template` of Traefik's Deployment. It meets Pod Security's `restricted` profile, and its root is read-only. */
export function traefikPod(args: TraefikPodArgs): types.input.core.v1.PodTemplateSpec {
  const answers = { httpGet: { path: "/ping", port: "ping" } };
  return {
    metadata: { labels: traefikLabels, annotations: { "terp.dev/settings": args.settingsDigest } },
    spec: {
      serviceAccountName: gatewayName,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
        // Ports below 1024 without a right: one of the settings that `restricted` admits.
        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: String(gatewayPorts.http) }],
      },
      topologySpreadConstraints: spreadOverNodes(traefikLabels),
      containers: [
        {
          name: gatewayName,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          command: ["/usr/local/bin/traefik"],
          args: traefikArguments(args.status),
          env: [{ name: "GOMEMLIMIT", value: "384MiB" }],
          ports: [
            { name: "http", containerPort: gatewayPorts.http },
            { name: "https", containerPort: gatewayPorts.https },
            { name: "ping", containerPort: pingPort },
          ],
          securityContext: restrictedContainer,
          resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "512Mi" } },
          readinessProbe: { ...answers, periodSeconds: 1 },
          livenessProbe: { ...answers, periodSeconds: 20, timeoutSeconds: 10 },
          volumeMounts: [{ name: "settings", mountPath: apiAccessFolder, readOnly: true }],
        },
      ],
      volumes: [{ name: "settings", configMap: { name: args.settings } }],
    },
  };
}

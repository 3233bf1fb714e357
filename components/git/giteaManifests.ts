import type { types } from "@pulumi/kubernetes";

import { argocdNamespace, repoServer } from "../argocd/names";
import { fluxNamespace, notificationController, sourceController } from "../flux/names";
import { namespaceNamed, tcp, toClusterDns, type NetworkPolicySpec, type Peer } from "../networkPolicy";
import { restrictedContainer, restrictedUser } from "../pod";
import { giteaPaths } from "./giteaConfiguration";
import { giteaName, gitPorts } from "./names";

/** Labels by which Gitea's pod is found. */
export const giteaLabels = { app: giteaName } as const;

/** The user and group that Gitea runs as, and that own its data. */
export const giteaUser = 1000;

/**
 * Who reaches Gitea: Flux's source-controller and Argo CD's repo server by SSH, and the machines that the platform is run from. It reaches Flux's
 * notification-controller alone, to say that something was pushed.
 *
 * @param clients Address ranges of those machines, e.g. `10.0.0.1/32`.
 */
export function giteaNetworkPolicy(clients: readonly string[]): NetworkPolicySpec {
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [inNamespace(fluxNamespace, sourceController), inNamespace(argocdNamespace, repoServer)],
        ports: tcp(gitPorts.ssh.pod),
      },
      ...(clients.length === 0
        ? []
        : [
            {
              from: clients.map((cidr) => ({ ipBlock: { cidr } })),
              ports: tcp(gitPorts.http.pod, gitPorts.ssh.pod),
            },
          ]),
    ],
    egress: [toClusterDns, { to: [inNamespace(fluxNamespace, notificationController)], ports: tcp(9292) }],
  };
}

function inNamespace(namespace: string, app: string): Peer {
  return { ...namespaceNamed(namespace), podSelector: { matchLabels: { app } } };
}

/** What Gitea's pod is like. */
export interface GiteaPodArgs {
  readonly image: string;
  /** The Secret with its settings. */
  readonly settingsSecret: string;
  /** The claim of its data. */
  readonly dataClaim: string;
  /** Changes when the settings do, so that a changed password starts it anew. */
  readonly settingsDigest: string;
}

/** The `template` of Gitea's Deployment. It meets Pod Security's `restricted` profile, and its root is read-only. */
export function giteaPod(args: GiteaPodArgs): types.input.core.v1.PodTemplateSpec {
  const { data, settings, temporary } = giteaPaths;
  const answers = { httpGet: { path: "/api/healthz", port: "http" } };
  return {
    metadata: { labels: giteaLabels, annotations: { "terp.dev/settings": args.settingsDigest } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 15,
      securityContext: { ...restrictedUser(giteaUser), fsGroupChangePolicy: "OnRootMismatch" },
      containers: [
        {
          name: giteaName,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          command: ["/bin/bash", `${settings}/start.sh`],
          env: [
            { name: "USER", value: "git" },
            { name: "HOME", value: `${data}/home` },
            { name: "TMPDIR", value: temporary },
            { name: "GITEA_WORK_DIR", value: data },
            { name: "GITEA_CUSTOM", value: `${data}/custom` },
            { name: "GOMEMLIMIT", value: "128MiB" },
          ],
          ports: [
            { name: "http", containerPort: gitPorts.http.pod },
            { name: "ssh", containerPort: gitPorts.ssh.pod },
          ],
          securityContext: restrictedContainer,
          resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "768Mi" } },
          // Nobody is let in before the administrator's password is the one in the Secret.
          startupProbe: {
            exec: { command: ["/bin/bash", "-c", `[ -e ${temporary}/ready ]`] },
            periodSeconds: 1,
            failureThreshold: 120,
          },
          readinessProbe: { ...answers, periodSeconds: 2 },
          livenessProbe: { ...answers, periodSeconds: 20, timeoutSeconds: 10 },
          volumeMounts: [
            { name: "data", mountPath: data },
            { name: "settings", mountPath: settings, readOnly: true },
            { name: "temporary", mountPath: temporary },
          ],
        },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: args.dataClaim } },
        { name: "settings", secret: { secretName: args.settingsSecret, defaultMode: 0o440 } },
        { name: "temporary", emptyDir: {} },
      ],
    },
  };
}

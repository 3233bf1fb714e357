import type { types } from "@pulumi/kubernetes";

import { restrictedContainer, restrictedUser } from "../pod";
import { authorityFile, grafanaPaths } from "./configuration";
import { grafanaLabels, grafanaName, grafanaPort, ownChannel, ownDashboards } from "./names";
import { startFiles } from "./start";

/** The user that the publisher's image is made for. */
export const grafanaUser = 472;

/** Entries of the ConfigMap with Grafana's settings, by what they are. */
export const settingsFiles = {
  configuration: "grafana.ini",
  dataSources: "datasources.yaml",
  dashboardProviders: "dashboards.yaml",
  authority: authorityFile,
  ...startFiles,
} as const;

/** What a Grafana's pod is like. */
export interface GrafanaPodArgs {
  readonly image: string;
  /** Its host name: it answers to no other. */
  readonly host: string;
  /** Changes when its settings or secrets do, so that it starts anew with them. */
  readonly settingsDigest: string;
  /** Names of the platform's dashboards' files. */
  readonly dashboards: readonly string[];
  /** Whether it has a tenant, whose own dashboards are mounted. */
  readonly hasOwn: boolean;
  /** Whether it tells the tenant of something. */
  readonly hasAlerts: boolean;
  /** Whether the identity provider is trusted by authorities of its own. */
  readonly hasAuthority: boolean;
}

type Volume = types.input.core.v1.Volume;
type Mount = types.input.core.v1.VolumeMount;

/** The `template` of a Grafana's Deployment. It meets Pod Security's `restricted` profile, and its root is read-only. */
export function grafanaPod(args: GrafanaPodArgs): types.input.core.v1.PodTemplateSpec {
  const { configuration, script } = settingsFiles;
  const answers = {
    httpGet: { path: "/api/health", port: "http", httpHeaders: [{ name: "Host", value: args.host }] },
  };
  const volumes = volumesOf(args);
  return {
    metadata: { labels: grafanaLabels, annotations: { "terp.dev/settings": args.settingsDigest } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 15,
      securityContext: restrictedUser(grafanaUser),
      containers: [
        {
          name: grafanaName,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ...(args.hasAlerts && { command: ["/bin/sh", `${grafanaPaths.settings}/${script}`] }),
          env: [
            { name: "GF_PATHS_CONFIG", value: `${grafanaPaths.settings}/${configuration}` },
            { name: "GF_PATHS_DATA", value: grafanaPaths.data },
            { name: "GF_PATHS_LOGS", value: `${grafanaPaths.data}/log` },
            { name: "GF_PATHS_PLUGINS", value: `${grafanaPaths.data}/plugins` },
            { name: "GF_PATHS_PROVISIONING", value: grafanaPaths.provisioning },
            { name: "GOMEMLIMIT", value: "256MiB" },
          ],
          ports: [{ name: "http", containerPort: grafanaPort }],
          securityContext: restrictedContainer,
          resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "512Mi" } },
          // It makes its database first, which takes a slow disk minutes.
          startupProbe: { ...answers, periodSeconds: 2, failureThreshold: 150 },
          readinessProbe: { ...answers, periodSeconds: 5 },
          livenessProbe: { ...answers, periodSeconds: 20, timeoutSeconds: 10 },
          volumeMounts: volumes.map(({ mount }) => mount),
        },
      ],
      volumes: volumes.map(({ volume }) => volume),
    },
  };
}

/** A volume, and where it is in the container. */
interface Mounted {
  readonly mount: Mount;
  readonly volume: Volume;
}

function volumesOf(args: GrafanaPodArgs): readonly Mounted[] {
  const { provisioning, settings, secrets, dashboards, own, channel, data, temporary } = grafanaPaths;
  const ofSettings = (name: string, mountPath: string, keys: readonly string[]): Mounted =>
    readOnly(mountPath, {
      name,
      configMap: { name: grafanaName, items: keys.map((key) => ({ key, path: key })) },
    });
  return [
    ofSettings("settings", settings, [
      settingsFiles.configuration,
      ...(args.hasAlerts ? Object.values(startFiles) : []),
      ...(args.hasAuthority ? [settingsFiles.authority] : []),
    ]),
    readOnly(secrets, { name: "secrets", secret: { secretName: grafanaName, defaultMode: 0o440 } }),
    ofSettings("datasources", `${provisioning}/datasources`, [settingsFiles.dataSources]),
    ofSettings("providers", `${provisioning}/dashboards`, [settingsFiles.dashboardProviders]),
    ofSettings("dashboards", dashboards, args.dashboards),
    ...(args.hasOwn
      ? [readOnly(own, { name: "own", configMap: { name: ownDashboards, optional: true } })]
      : []),
    ...(args.hasAlerts
      ? [
          readOnly(channel, {
            name: "channel",
            secret: { secretName: ownChannel, optional: true, defaultMode: 0o440 },
          }),
          writable("alerting", `${provisioning}/alerting`, "16Mi"),
        ]
      : []),
    writable("data", data, "1Gi"),
    writable("temporary", temporary, "256Mi"),
  ];
}

function readOnly(mountPath: string, volume: Volume): Mounted {
  return { mount: { name: volume.name, mountPath, readOnly: true }, volume };
}

function writable(name: string, mountPath: string, sizeLimit: string): Mounted {
  return { mount: { name, mountPath }, volume: { name, emptyDir: { sizeLimit } } };
}

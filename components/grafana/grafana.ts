import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { readsLogsLabel, type LogAccess } from "../logs/names";
import { resourceOf } from "../manifest";
import {
  logicalName,
  metadata,
  restrictedPods,
  withoutAwait,
  type ObjectMetadata,
  type Ownership,
} from "../metadata";
import { digestOf } from "../pod";
import { alertRules, type GrafanaAlerts } from "./alerts";
import { grafanaConfiguration, grafanaPaths, secretFiles } from "./configuration";
import type { NamedDashboard } from "./dashboards/panels";
import { grafanaRoute, grafanaServicePort, type GrafanaEntry } from "./entry";
import type { GrafanaLogin } from "./login";
import { grafanaLabels, grafanaName, grafanaNamespace } from "./names";
import { grafanaNetworkPolicy } from "./networkPolicy";
import { ownRights, type Writer } from "./own";
import { grafanaPod, settingsFiles } from "./pod";
import {
  credentialFiles,
  dashboardFolders,
  dashboardProviders,
  dataSources,
  type LogSource,
} from "./provisioning";
import { startScript } from "./start";

/** Whose logs a Grafana shows. */
export interface GrafanaSource extends LogSource {
  /** The tenant, or the platform's own name among the logs' tenants. */
  readonly tenant: string;
}

/** A tenant and what it brings to its Grafana. */
export interface GrafanaTenant {
  readonly name: string;
  /** Who may write its dashboards and its channel. */
  readonly writers: readonly Writer[];
  /** Absent where it wants no alerts. */
  readonly alerts?: GrafanaAlerts | undefined;
}

export interface GrafanaArgs {
  /** The stack's name. */
  readonly environment: string;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** Grafana's image, as its publisher makes it. */
  readonly image: string;
  /** The host name by which browsers reach it, by HTTPS. */
  readonly host: string;
  /** How requests come to it. Absent where somebody else sees to that. */
  readonly entry?: GrafanaEntry | undefined;
  /** How logs are reached. */
  readonly logs: LogAccess;
  /** Whose logs it shows; the first is offered first. */
  readonly sources: readonly [GrafanaSource, ...GrafanaSource[]];
  /** The platform's dashboards; the first is the home page. */
  readonly dashboards: readonly [NamedDashboard, ...NamedDashboard[]];
  /** How people log in. Absent where there is no identity provider. */
  readonly login?: GrafanaLogin | undefined;
  /** The secret of the login's client. Given where `login` is. */
  readonly clientSecret?: pulumi.Input<string> | undefined;
  /** Where the identity provider is, as CIDR. */
  readonly identityProvider: readonly string[];
  /** Whose Grafana it is. Absent for the operators'. */
  readonly tenant?: GrafanaTenant | undefined;
}

/**
 * A Grafana in a namespace of its own, which isn't the tenant's: in there are secrets that aren't the tenant's either.
 *
 * All that counts in it comes from files, so its database ends with its pod: sessions, and what somebody made by hand. A run doesn't
 * wait for it: a Grafana that doesn't start is one tenant's trouble.
 */
export class Grafana extends pulumi.ComponentResource {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The password of the account `admin`. Secret; a new one after a lost state. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: GrafanaArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:grafana:Grafana", name, {}, options);
    const { tenant } = args;
    const namespaceName = grafanaNamespace(tenant?.name);
    const owner: Ownership = {
      environment: args.environment,
      role: "platform",
      ...(tenant && { tenant: tenant.name }),
    };
    const own: ObjectMetadata = metadata(owner, { name: grafanaName, namespace: namespaceName });
    const labels = { ...restrictedPods(args.podSecurityVersion), [readsLogsLabel]: "true" };
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", namespaceName),
      { metadata: metadata(owner, { name: namespaceName, labels }) },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };

    const generated = new random.RandomPassword(
      `${namespaceName}-secrets`,
      { length: 2 * secretLength, special: false },
      { parent: this, additionalSecretOutputs: ["result"] },
    );
    this.password = pulumi.secret(generated.result.apply((text) => text.slice(0, secretLength)));
    const secrets = secretsOf(args, generated.result);
    const settings = settingsOf(args);
    new kubernetes.core.v1.ConfigMap(
      logicalName("ConfigMap", grafanaName, namespaceName),
      { metadata: own, data: settings },
      inNamespace,
    );
    new kubernetes.core.v1.Secret(
      logicalName("Secret", grafanaName, namespaceName),
      { metadata: own, stringData: secrets },
      inNamespace,
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", grafanaName, namespaceName),
      {
        metadata: own,
        spec: grafanaNetworkPolicy({
          identityProvider: args.identityProvider,
          channel: tenant?.alerts?.ranges ?? [],
        }),
      },
      inNamespace,
    );
    if (tenant) ownRights(owner, namespaceName, tenant.writers, inNamespace);
    new kubernetes.core.v1.Service(
      logicalName("Service", grafanaName, namespaceName),
      {
        metadata: withoutAwait(own),
        spec: {
          selector: grafanaLabels,
          ports: [{ name: "http", port: grafanaServicePort, targetPort: "http" }],
        },
      },
      inNamespace,
    );
    new kubernetes.apps.v1.Deployment(
      logicalName("Deployment", grafanaName, namespaceName),
      {
        metadata: withoutAwait(own),
        spec: {
          // Each would have a database of its own, and sessions that the other doesn't know.
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: grafanaLabels },
          template: pulumi.unsecret(secrets).apply((all) =>
            grafanaPod({
              image: args.image,
              host: args.host,
              settingsDigest: digestOf(JSON.stringify({ settings, all })),
              dashboards: args.dashboards.map(({ name: file }) => fileOf(file)),
              hasOwn: tenant !== undefined,
              hasAlerts: tenant?.alerts !== undefined,
              hasAuthority: args.login?.authority !== undefined,
            }),
          ),
        },
      },
      // Nothing runs there before it is closed.
      { parent: this, dependsOn: [namespace, policy] },
    );
    if (args.entry) {
      const route = grafanaRoute(args.entry, owner, namespaceName, args.host);
      resourceOf(logicalName(route.kind, grafanaName, namespaceName), route, inNamespace);
    }
    this.url = `https://${args.host}`;
    this.registerOutputs({ url: this.url });
  }
}

/** How long a generated secret is, in letters and digits. */
const secretLength = 40;

function fileOf(dashboard: string): string {
  return `${dashboard}.json`;
}

/** What is in the ConfigMap: one entry a file. */
function settingsOf(args: GrafanaArgs): Record<string, string> {
  const { logs, sources, dashboards, tenant } = args;
  const alerts = tenant?.alerts;
  const [home] = dashboards;
  const [first] = sources;
  return {
    [settingsFiles.configuration]: grafanaConfiguration({
      host: args.host,
      logsAddress: new URL(logs.url).host,
      home: `${grafanaPaths.dashboards}/${fileOf(home.name)}`,
      ...(args.login && { login: args.login }),
    }),
    [settingsFiles.dataSources]: dataSources(logs.url, sources),
    [settingsFiles.dashboardProviders]: dashboardProviders(dashboardFolders(tenant?.name)),
    ...Object.fromEntries(dashboards.map(({ name, dashboard }) => [fileOf(name), JSON.stringify(dashboard)])),
    ...(args.login?.authority !== undefined && { [settingsFiles.authority]: args.login.authority }),
    ...(alerts && {
      [settingsFiles.script]: startScript(alerts.kind),
      [settingsFiles.rules]: alertRules(first.uid, alerts.errors),
    }),
  };
}

/**
 * What is in the Secret: one entry a file.
 *
 * @param generated Two secrets, one behind the other.
 */
function secretsOf(
  { logs, sources, login, clientSecret = "" }: GrafanaArgs,
  generated: pulumi.Output<string>,
): pulumi.Output<Record<string, string>> {
  const credentials = sources.map(({ tenant }) => logs.credentialOf(tenant, "read"));
  const entries = pulumi
    .all([generated, pulumi.all(credentials), clientSecret])
    .apply(([text, read, secret]): Record<string, string> => ({
      [secretFiles.password]: text.slice(0, secretLength),
      [secretFiles.key]: text.slice(secretLength),
      ...(login && { [secretFiles.clientSecret]: secret }),
      ...Object.fromEntries(
        sources.flatMap(({ uid }, index) => {
          const files = credentialFiles(uid);
          const { username = "", password = "" } = read[index] ?? {};
          return [
            [files.username, username],
            [files.password, password],
          ];
        }),
      ),
    }));
  return pulumi.secret(entries);
}

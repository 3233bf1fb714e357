import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, withoutAwait, type ObjectMetadata, type Ownership } from "../metadata";
import { digestOf } from "../pod";
import { gatewayConfiguration } from "./gatewayConfiguration";
import { gatewayLabels, gatewayNetworkPolicy, gatewayPod, gatewaySettings } from "./gatewayManifests";
import { logGatewayName, logGatewayPorts, logsNamespace } from "./names";

export interface LogGatewayArgs {
  /** The stack's name. */
  readonly environment: string;
  /** Caddy's image. */
  readonly image: string;
  /** The platform's key for logs, from which each credential follows. Secret. */
  readonly key: pulumi.Input<string>;
  /** Names of all tenants. */
  readonly tenants: readonly string[];
  /** How many pods answer. */
  readonly replicas: number;
  /** The namespace it is made in. */
  readonly namespace: pulumi.Resource;
}

/** What stands before Loki: the credential decides whose logs a request reads or writes, and whether it may. */
export class LogGateway extends pulumi.ComponentResource {
  /** What must be there before a request is made. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: LogGatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:logs:LogGateway", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const own: ObjectMetadata = metadata(owner, { name: logGatewayName, namespace: logsNamespace });
    const inNamespace = { parent: this, dependsOn: [args.namespace] };
    const configuration = pulumi.secret(
      pulumi.output(args.key).apply((key) => JSON.stringify(gatewayConfiguration(key, args.tenants))),
    );

    const settings = new kubernetes.core.v1.Secret(
      logicalName("Secret", logGatewayName, logsNamespace),
      { metadata: own, stringData: { [gatewaySettings]: configuration } },
      inNamespace,
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", logGatewayName, logsNamespace),
      { metadata: own, spec: gatewayNetworkPolicy() },
      inNamespace,
    );
    const service = new kubernetes.core.v1.Service(
      logicalName("Service", logGatewayName, logsNamespace),
      {
        metadata: withoutAwait(own),
        spec: {
          selector: gatewayLabels,
          ports: [{ name: "http", port: logGatewayPorts.service, targetPort: "http" }],
        },
      },
      inNamespace,
    );
    if (args.replicas > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        logicalName("PodDisruptionBudget", logGatewayName, logsNamespace),
        { metadata: own, spec: { maxUnavailable: 1, selector: { matchLabels: gatewayLabels } } },
        inNamespace,
      );
    }
    const deployment = new kubernetes.apps.v1.Deployment(
      logicalName("Deployment", logGatewayName, logsNamespace),
      {
        metadata: own,
        spec: {
          replicas: args.replicas,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          selector: { matchLabels: gatewayLabels },
          template: pulumi.unsecret(configuration).apply((text) =>
            gatewayPod({
              image: args.image,
              settingsSecret: logGatewayName,
              // Of values that nobody can guess, so that it tells nothing of them.
              settingsDigest: digestOf(text),
            }),
          ),
        },
      },
      { parent: this, dependsOn: [settings, policy, service] },
    );
    this.ready = [policy, service, deployment];
    this.registerOutputs({});
  }
}

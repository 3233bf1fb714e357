import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, type ObjectMetadata, type Ownership } from "../metadata";
import { digestOf } from "../pod";
import { collectorConfiguration } from "./collectorConfiguration";
import {
  collectorLabels,
  collectorNetworkPolicy,
  collectorPod,
  collectorSettings,
} from "./collectorManifests";
import type { LogTenant } from "./limits";
import { collectorName, collectorNamespace } from "./names";

/** Where a cluster's nodes have what a collector reads and writes. */
export interface NodeFolders {
  /**
   * The kubelet's folder of pods' lines.
   *
   * @default "/var/log/pods"
   */
  readonly pods?: string;
  /**
   * For what the collector remembers; made where it isn't there.
   *
   * @default "/var/lib/terp-collector"
   */
  readonly state?: string;
}

export interface LogCollectorArgs {
  /** The stack's name. */
  readonly environment: string;
  /** The collector's image. */
  readonly image: string;
  /** The platform's key for logs, from which each credential follows. Secret. */
  readonly key: pulumi.Input<string>;
  /** All tenants. What is in no namespace of theirs is the platform's own. */
  readonly tenants: readonly LogTenant[];
  readonly folders?: NodeFolders;
  /** What must be there before a line is sent. */
  readonly after: readonly pulumi.Resource[];
}

const usual = { pods: "/var/log/pods", state: "/var/lib/terp-collector" };

/** On each node an OpenTelemetry Collector, which brings each tenant's lines to the gateway as that tenant's, each once. */
export class LogCollector extends pulumi.ComponentResource {
  constructor(name: string, args: LogCollectorArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:logs:LogCollector", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "collector" };
    const own: ObjectMetadata = metadata(owner, { name: collectorName, namespace: collectorNamespace });
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", collectorNamespace),
      {
        metadata: metadata(owner, {
          name: collectorNamespace,
          // Its pods mount folders of the node, which no profile below this one admits.
          labels: { "pod-security.kubernetes.io/enforce": "privileged" },
        }),
      },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };
    const configuration = pulumi.secret(
      pulumi.output(args.key).apply((key) => JSON.stringify(collectorConfiguration(key, args.tenants))),
    );
    const settings = new kubernetes.core.v1.Secret(
      logicalName("Secret", collectorName, collectorNamespace),
      { metadata: own, stringData: { [collectorSettings]: configuration } },
      inNamespace,
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", collectorName, collectorNamespace),
      { metadata: own, spec: collectorNetworkPolicy() },
      inNamespace,
    );
    new kubernetes.apps.v1.DaemonSet(
      logicalName("DaemonSet", collectorName, collectorNamespace),
      {
        metadata: own,
        spec: {
          selector: { matchLabels: collectorLabels },
          // Lines wait in their files meanwhile.
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
          template: pulumi.unsecret(configuration).apply((text) =>
            collectorPod({
              image: args.image,
              settingsSecret: collectorName,
              // Of values that nobody can guess, so that it tells nothing of them.
              settingsDigest: digestOf(text),
              podsFolder: args.folders?.pods ?? usual.pods,
              stateFolder: args.folders?.state ?? usual.state,
            }),
          ),
        },
      },
      { parent: this, dependsOn: [settings, policy, ...args.after] },
    );
    this.registerOutputs({});
  }
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, withoutAwait, type ObjectMetadata, type Ownership } from "../metadata";
import { digestOf } from "../pod";
import type { LogLimits } from "./limits";
import {
  lokiConfiguration,
  lokiOverrides,
  lokiPorts,
  lokiRing,
  replicasOf,
  type LogStorage,
} from "./lokiConfiguration";
import { lokiAccountAnnotations, lokiLabels, lokiNetworkPolicy, lokiPod } from "./lokiManifests";
import { lokiName, logsNamespace } from "./names";

export interface LokiArgs {
  /** The stack's name. */
  readonly environment: string;
  readonly image: string;
  readonly storage: LogStorage;
  /** What each tenant may log, by its name. */
  readonly limits: ReadonlyMap<string, LogLimits>;
  /**
   * Folder on the node for the lines, where the cluster has no storage class. It exists, and belongs to user and group 10001.
   *
   * @default a claim of the storage's class
   */
  readonly dataFolder?: string | undefined;
  /** The namespace it is made in. */
  readonly namespace: pulumi.Resource;
}

/** GiB of each replica's own where lines are kept in a cloud's store: for its write-ahead log and what it looks up. */
const ownDisk = 10;

/** Loki: keeps lines, each tenant's apart. Nothing but the gateway reaches it. */
export class Loki extends pulumi.ComponentResource {
  /** What must be there before a line is sent. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: LokiArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:logs:Loki", name, {}, options);
    const { storage } = args;
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const own = (objectName: string): ObjectMetadata =>
      metadata(owner, { name: objectName, namespace: logsNamespace });
    const inNamespace = { parent: this, dependsOn: [args.namespace] };
    const configuration = JSON.stringify(lokiConfiguration(storage), null, 2);

    const settings = new kubernetes.core.v1.ConfigMap(
      logicalName("ConfigMap", lokiName, logsNamespace),
      {
        metadata: own(lokiName),
        data: {
          "loki.yaml": configuration,
          "overrides.yaml": JSON.stringify(lokiOverrides(args.limits), null, 2),
        },
      },
      inNamespace,
    );
    const named = own(lokiName);
    const account = new kubernetes.core.v1.ServiceAccount(
      logicalName("ServiceAccount", lokiName, logsNamespace),
      {
        metadata: {
          ...named,
          annotations: { ...named.annotations, ...lokiAccountAnnotations(storage) },
        },
        automountServiceAccountToken: false,
      },
      inNamespace,
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", lokiName, logsNamespace),
      { metadata: own(lokiName), spec: lokiNetworkPolicy(storage) },
      inNamespace,
    );
    const replicas = replicasOf(storage);
    const services = [this.service(own(lokiName), { http: lokiPorts.http }, inNamespace)];
    if (replicas > 1) {
      const { grpc, ring } = lokiPorts;
      services.push(this.service(own(lokiRing), { grpc, ring }, inNamespace, "None"));
      new kubernetes.policy.v1.PodDisruptionBudget(
        logicalName("PodDisruptionBudget", lokiName, logsNamespace),
        { metadata: own(lokiName), spec: { maxUnavailable: 1, selector: { matchLabels: lokiLabels } } },
        inNamespace,
      );
    }
    const volume = args.dataFolder === undefined ? [] : [this.volume(args.dataFolder, storage, owner)];
    const digest = digestOf(configuration);
    const replicaSet = new kubernetes.apps.v1.StatefulSet(
      logicalName("StatefulSet", lokiName, logsNamespace),
      {
        metadata: own(lokiName),
        spec: {
          replicas,
          serviceName: replicas > 1 ? lokiRing : lokiName,
          // They need each other to be ready, not one after the other.
          podManagementPolicy: "Parallel",
          selector: { matchLabels: lokiLabels },
          template: lokiPod({ image: args.image, storage, settingsDigest: digest }),
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                ...storageClass(args),
                resources: { requests: { storage: `${String(sizeOf(storage))}Gi` } },
              },
            },
          ],
        },
      },
      { parent: this, dependsOn: [settings, account, policy, ...services, ...volume] },
    );
    this.ready = [policy, ...services, replicaSet];
    this.registerOutputs({});
  }

  private service(
    own: ObjectMetadata,
    ports: Readonly<Record<string, number>>,
    options: pulumi.CustomResourceOptions,
    clusterIP?: "None",
  ): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      logicalName("Service", own.name, logsNamespace),
      {
        metadata: withoutAwait(own),
        spec: {
          ...(clusterIP === undefined ? {} : { clusterIP, publishNotReadyAddresses: true }),
          selector: lokiLabels,
          ports: Object.entries(ports).map(([portName, port]) => ({
            name: portName,
            port,
            targetPort: portName,
          })),
        },
      },
      options,
    );
  }

  /** A folder of the node, which the claim of the only replica is bound to by its name. */
  private volume(folder: string, storage: LogStorage, owner: Ownership): kubernetes.core.v1.PersistentVolume {
    const volumeName = `${logsNamespace}-${lokiName}`;
    return new kubernetes.core.v1.PersistentVolume(
      logicalName("PersistentVolume", volumeName),
      {
        metadata: metadata(owner, { name: volumeName }),
        spec: {
          capacity: { storage: `${String(sizeOf(storage))}Gi` },
          accessModes: ["ReadWriteOnce"],
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName: "",
          claimRef: {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            namespace: logsNamespace,
            name: `data-${lokiName}-0`,
          },
          hostPath: { path: folder, type: "Directory" },
        },
      },
      { parent: this },
    );
  }
}

function sizeOf(storage: LogStorage): number {
  return storage.kind === "volume" ? storage.size : ownDisk;
}

function storageClass({ dataFolder, storage }: LokiArgs): { storageClassName?: string } {
  if (dataFolder !== undefined) return { storageClassName: "" };
  if (storage.kind !== "volume" || storage.storageClass === undefined) return {};
  return { storageClassName: storage.storageClass };
}

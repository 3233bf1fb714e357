import type * as pulumi from "@pulumi/pulumi";

import type { LogLimits } from "./limits";
import { lokiName, logsNamespace } from "./names";

/** Where lines are kept. */
export type LogStorage = VolumeStorage | AzureBlobStorage | S3Storage;

/** One replica, on a volume of its own. */
export interface VolumeStorage {
  readonly kind: "volume";
  /** In GiB. */
  readonly size: number;
  /** The claim's class. Absent for the cluster's default. */
  readonly storageClass?: string | undefined;
}

/** Several replicas over a container of Azure Blob Storage, which they reach by workload identity: no secret is involved. */
export interface AzureBlobStorage {
  readonly kind: "azure-blob";
  /** The storage account's name. */
  readonly account: string;
  readonly container: string;
  /** The client id of the managed identity that may read and write the container's blobs. */
  readonly clientId: pulumi.Input<string>;
  readonly replicas: number;
}

/** Several replicas over a bucket of S3, which they reach by the role of their service account: no secret is involved. */
export interface S3Storage {
  readonly kind: "s3";
  readonly bucket: string;
  readonly region: string;
  /** The role's ARN. */
  readonly role: string;
  readonly replicas: number;
}

/** Ports of Loki's pods. */
export const lokiPorts = { http: 3100, grpc: 9095, ring: 7946 } as const;
/** Where Loki's pod has its files. */
export const lokiPaths = { data: "/var/loki", settings: "/etc/loki" } as const;
/** The Service by which Loki's replicas find each other. */
export const lokiRing = `${lokiName}-ring`;
/** Seconds after which the pods' changed limits count. */
const overridesPeriod = "10s";

/** Attributes of a line's source that make its stream. The pod is one of them: then a stream is written by one file alone, and a line that is
 * sent again, after a crash in between, is known by its time and text as the one that is there. */
const streamAttributes = ["k8s.namespace.name", "k8s.pod.name", "k8s.container.name"];

/** How many replicas there are. */
export function replicasOf(storage: LogStorage): number {
  return storage.kind === "volume" ? 1 : storage.replicas;
}

/**
 * Loki's configuration: all of it in one process, tenants told apart, old lines deleted.
 *
 * Keys as in {@link https://grafana.com/docs/loki/latest/configure/ | Loki's reference}, 3.7.
 */
export function lokiConfiguration(storage: LogStorage): Record<string, unknown> {
  const replicas = replicasOf(storage);
  const store = storeOf(storage);
  return {
    target: "all",
    auth_enabled: true,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: lokiPorts.http,
      grpc_listen_port: lokiPorts.grpc,
      log_level: "warn",
      // A request of a collector's, with room.
      grpc_server_max_recv_msg_size: 32 << 20,
      grpc_server_max_send_msg_size: 32 << 20,
    },
    common: {
      path_prefix: lokiPaths.data,
      // A line is in two places before it counts as kept.
      replication_factor: Math.min(replicas, 3),
      ring: { kvstore: { store: replicas === 1 ? "inmemory" : "memberlist" } },
      ...(replicas === 1 ? { instance_addr: "127.0.0.1" } : {}),
      storage: { [store.name]: store.settings },
    },
    ...(replicas === 1
      ? {}
      : {
          memberlist: {
            join_members: [`${lokiRing}.${logsNamespace}.svc.cluster.local:${String(lokiPorts.ring)}`],
          },
        }),
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: store.name,
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    ingester: {
      // Lines that came in are on the disk before the sender hears so.
      wal: {
        enabled: true,
        dir: `${lokiPaths.data}/wal`,
        replay_memory_ceiling: "512MB",
        // From here on nothing is taken in, and lines wait on their nodes; reading goes on, and so does deletion.
        disk_full_threshold: 0.9,
      },
      lifecycler: { min_ready_duration: "0s", final_sleep: "0s" },
    },
    compactor: {
      working_directory: `${lokiPaths.data}/compactor`,
      retention_enabled: true,
      delete_request_store: store.name,
      compaction_interval: "10m",
      retention_delete_delay: "1h",
    },
    limits_config: {
      allow_structured_metadata: true,
      // A line that is too long is cut rather than refused, and old ones are taken after a collector was away for long.
      max_line_size: "256KB",
      max_line_size_truncate: true,
      reject_old_samples: false,
      // A stream is one container's: it may use all that its tenant may.
      per_stream_rate_limit: "64MB",
      per_stream_rate_limit_burst: "256MB",
      // A line that comes again must come to the stream that has it.
      shard_streams: { enabled: false },
      volume_enabled: true,
      // Nobody takes lines away before their time.
      deletion_mode: "disabled",
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: "index_label", attributes: streamAttributes }],
        },
        // Where the file lies on the node is in the labels already.
        log_attributes: [{ action: "drop", attributes: ["log.file.path", "logtag"] }],
      },
      discover_service_name: [],
    },
    runtime_config: { file: `${lokiPaths.settings}/overrides.yaml`, period: overridesPeriod },
    query_range: { cache_results: false },
    frontend: { encoding: "protobuf" },
  };
}

/** Each tenant's limits, as Loki reads them anew while it runs. */
export function lokiOverrides(limits: ReadonlyMap<string, LogLimits>): Record<string, unknown> {
  return {
    overrides: Object.fromEntries(
      [...limits].map(([tenant, { days, rate, burst, streams }]) => [
        tenant,
        {
          retention_period: `${String(days * 24)}h`,
          ingestion_rate_mb: rate,
          ingestion_burst_size_mb: burst,
          max_global_streams_per_user: streams,
        },
      ]),
    ),
  };
}

function storeOf(storage: LogStorage): { readonly name: string; readonly settings: Record<string, unknown> } {
  switch (storage.kind) {
    case "volume": {
      const settings = {
        chunks_directory: `${lokiPaths.data}/chunks`,
        rules_directory: `${lokiPaths.data}/rules`,
      };
      return { name: "filesystem", settings };
    }
    case "azure-blob": {
      const { account, container } = storage;
      return {
        name: "azure",
        settings: { account_name: account, container_name: container, use_federated_token: true },
      };
    }
    case "s3": {
      const { bucket, region } = storage;
      return { name: "s3", settings: { bucketnames: bucket, region } };
    }
  }
}

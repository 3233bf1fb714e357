import { basicAuthorization, logCredential } from "./credentials";
import { writePaths } from "./gatewayConfiguration";
import type { LogTenant } from "./limits";
import { logGatewayUrl, platformLogTenant } from "./names";

/** Where the collector's pod has its files. */
export const collectorPaths = {
  /** The node's folder of containers' lines: one folder for each pod, named by the kubelet. */
  pods: "/var/log/pods",
  /** How far files are read, and what is under way. */
  state: "/var/lib/terp-collector",
  settings: "/etc/collector",
} as const;

/** Where the collector says that it runs. */
export const collectorHealthPort = 13133;

/**
 * Without it lines count as read up to 100 ms before they are stored, and are lost where the collector is killed in between.
 * {@link https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/35456 | Why it is there.}
 */
export const collectorFeatureGates = "stanza.synchronousLogEmitter";

/**
 * The path of a container's file, as the kubelet names it. Put aside, it has a time at its end.
 */
const filePattern =
  "/(?P<namespace>[^_/]+)_(?P<pod>[^_/]+)_(?P<uid>[a-f0-9-]+)/(?P<container>[^._/]+)/(?P<restarts>[0-9]+)[.]log";
/** What the parts of that path are in OpenTelemetry's words. */
const partsOfPath = {
  namespace: "k8s.namespace.name",
  pod: "k8s.pod.name",
  uid: "k8s.pod.uid",
  container: "k8s.container.name",
  restarts: "k8s.container.restart_count",
} as const;

/**
 * What is done to lines. Whose a file's lines are is read from its path once for all that are read together: the container parser would
 * do it for each, which was a third of what the collector did. When a line was read isn't kept: one that is read again would differ
 * from itself, and Loki would have it twice.
 */
const statements = [
  {
    context: "resource",
    statements: [
      `set(resource.cache, ExtractPatterns(resource.attributes["log.file.path"], "${filePattern}"))`,
      ...Object.entries(partsOfPath).map(
        ([part, attribute]) => `set(resource.attributes["${attribute}"], resource.cache["${part}"])`,
      ),
      'delete_key(resource.attributes, "log.file.path")',
    ],
  },
  { context: "log", statements: ["set(log.observed_time_unix_nano, 0)"] },
];

/** How many lines a request brings where there are as many. With 500, Loki needs a quarter more time for each. */
export const linesOfRequest = 2000;

/** What may wait on the node's disk for one tenant, in bytes; what is more stays in the containers' files. */
const queueSize = 256 << 20;

/**
 * The collector's configuration. Each tenant has a way of its own from its files to the gateway, with a queue of its own: one that is slowed
 * down, or whose lines are refused, holds up no other.
 *
 * Whose a line is follows from its file's folder, which the kubelet names after the namespace, and from the program's own list of
 * namespaces. A pod can write nothing that changes it. What is in no tenant's namespace is the platform's own.
 *
 * Secret: it has every tenant's credential for writing. Settings as in the OpenTelemetry Collector's own documents, 0.160.
 *
 * @param key The platform's key for logs.
 */
export function collectorConfiguration(key: string, tenants: readonly LogTenant[]): Record<string, unknown> {
  const ofTenants = tenants.flatMap(({ namespaces }) => namespaces.flatMap(filesOf));
  const sources = [
    ...tenants.map(({ tenant, namespaces }) => ({
      tenant,
      include: namespaces.flatMap(filesOf),
      exclude: [],
    })),
    { tenant: platformLogTenant, include: filesOf("*"), exclude: ofTenants },
  ].filter(({ include }) => include.length > 0);
  return {
    receivers: Object.fromEntries(
      sources.map(({ tenant, include, exclude }) => [`file_log/${tenant}`, files(include, exclude)]),
    ),
    processors: { transform: { error_mode: "ignore", log_statements: statements } },
    exporters: Object.fromEntries(sources.map(({ tenant }) => [`otlp_http/${tenant}`, sending(key, tenant)])),
    extensions: {
      health_check: { endpoint: `0.0.0.0:${String(collectorHealthPort)}` },
      "file_storage/positions": storage("positions"),
      "file_storage/queues": storage("queues"),
    },
    service: {
      extensions: ["health_check", "file_storage/positions", "file_storage/queues"],
      telemetry: { logs: { level: "WARN", encoding: "json" }, metrics: { level: "none" } },
      pipelines: Object.fromEntries(
        sources.map(({ tenant }) => [
          `logs/${tenant}`,
          {
            receivers: [`file_log/${tenant}`],
            processors: ["transform"],
            exporters: [`otlp_http/${tenant}`],
          },
        ]),
      ),
    },
  };
}

/**
 * The files of a namespace's containers: those being written, and those that the kubelet has put aside since the collector was last there. A
 * folder's name is namespace, pod and id, with "_" between, which no name contains.
 */
function filesOf(namespace: string): string[] {
  return ["*.log", "*.log.2*"].map((file) => `${collectorPaths.pods}/${namespace}_*/*/${file}`);
}

function files(include: readonly string[], exclude: readonly string[]): Record<string, unknown> {
  return {
    include,
    // What the kubelet is still compressing.
    exclude: [...exclude, `${collectorPaths.pods}/*/*/*.tmp`],
    compression: "auto",
    // What a container said before the collector first saw it counts too.
    start_at: "beginning",
    include_file_path: true,
    include_file_name: false,
    preserve_leading_whitespaces: true,
    preserve_trailing_whitespaces: true,
    storage: "file_storage/positions",
    // The time of a line is the one that the container runtime wrote before it: a line that is read twice is the same line.
    operators: [
      { type: "container", format: "containerd", add_metadata_from_filepath: false },
      // Lines of one file are one resource's.
      { type: "move", from: 'attributes["log.file.path"]', to: 'resource["log.file.path"]' },
    ],
    // A line that can't be stored now is stored later.
    retry_on_failure: {
      enabled: true,
      initial_interval: "500ms",
      max_interval: "10s",
      max_elapsed_time: "0s",
    },
  };
}

function sending(key: string, tenant: string): Record<string, unknown> {
  return {
    logs_endpoint: `${logGatewayUrl}${writePaths.otlp}`,
    headers: { Authorization: basicAuthorization(logCredential(key, tenant, "write")) },
    compression: "zstd",
    timeout: "30s",
    // Until it is taken: Loki may be away for long.
    retry_on_failure: {
      enabled: true,
      initial_interval: "500ms",
      max_interval: "10s",
      max_elapsed_time: "0s",
    },
    sending_queue: {
      enabled: true,
      storage: "file_storage/queues",
      sizer: "bytes",
      queue_size: queueSize,
      block_on_overflow: true,
      // While Loki takes one request, the next is made. More, or larger ones, would be more that is sent twice when the collector is killed.
      num_consumers: 2,
      batch: { sizer: "items", min_size: linesOfRequest, max_size: linesOfRequest, flush_timeout: "200ms" },
    },
  };
}

function storage(folder: string): Record<string, unknown> {
  return {
    directory: `${collectorPaths.state}/${folder}`,
    create_directory: true,
    // The one before may still be ending.
    timeout: "30s",
    // A file that a failing disk has spoilt is begun anew; the containers' files are read again.
    recreate: true,
    // A queue that was long gives its room back.
    compaction: {
      directory: `${collectorPaths.state}/${folder}`,
      on_rebound: true,
      rebound_needed_threshold_mib: 64,
      rebound_trigger_threshold_mib: 8,
      cleanup_on_start: true,
    },
  };
}

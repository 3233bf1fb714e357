/** Names that the logs' parts and those who read logs share. */
import type * as pulumi from "@pulumi/pulumi";

/** The namespace of Loki and the gateway before it. */
export const logsNamespace = "terp-logs";
/** The namespace of the collectors, which read folders of their nodes and are kept apart for it. */
export const collectorNamespace = "terp-collector";
export const lokiName = "loki";
/** What stands before Loki, and decides by the credential whose logs are read or written. */
export const logGatewayName = "gateway";
export const collectorName = "collector";

/** Where the gateway listens: its Service, and its pod, whose port network policies see. */
export const logGatewayPorts = { service: 80, pod: 8080 } as const;
/** The gateway inside the cluster: what a Loki data source has as its URL, without a slash at the end. */
export const logGatewayUrl = `http://${logGatewayName}.${logsNamespace}.svc.cluster.local`;

/**
 * The label of a namespace whose pods may connect to the gateway; its value is `true`. No tenant can write a Namespace. The
 * credential still decides whose logs a pod gets.
 */
export const readsLogsLabel = "logs.terp.dev/reads";

/** The tenant that the platform's own logs are kept as: no team can have that name. */
export const platformLogTenant = "platform";

/** What a credential is for. */
export type LogRight = "read" | "write";

/**
 * What the gateway asks for, by HTTP's basic authentication. In a Secret it lies under these keys, in one of type
 * `kubernetes.io/basic-auth`.
 */
export interface LogCredential {
  readonly username: string;
  readonly password: string;
}

/** How logs are reached. Absent where a platform keeps none. */
export interface LogAccess {
  /** See {@link logGatewayUrl}. */
  readonly url: string;
  /**
   * A tenant's credential. Secret. It follows from one key of the platform, so that asking for one makes no resource; whoever needs
   * it keeps it in a Secret of its own, which changes in the same run where that key has changed.
   *
   * @param tenant The tenant's name, or {@link platformLogTenant}.
   */
  readonly credentialOf: (tenant: string, right: LogRight) => pulumi.Output<LogCredential>;
}

/** Labels of a log's stream as Loki has them. Everything else that is known of a line is its structured metadata. */
export const logLabels = {
  namespace: "k8s_namespace_name",
  pod: "k8s_pod_name",
  container: "k8s_container_name",
} as const;

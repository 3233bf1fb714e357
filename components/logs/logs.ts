import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logicalName, metadata, restrictedPods, type Ownership } from "../metadata";
import { LogCollector, type NodeFolders } from "./collector";
import { LogGateway } from "./gateway";
import { limitsOf, type LogRetention, type LogTenant } from "./limits";
import { Loki } from "./loki";
import { replicasOf, type LogStorage } from "./lokiConfiguration";
import { logsNamespace } from "./names";

export interface LogsArgs {
  /** The stack's name. */
  readonly environment: string;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  readonly images: { readonly loki: string; readonly caddy: string; readonly collector: string };
  /** The platform's key for logs, from which each credential follows. Secret. */
  readonly key: pulumi.Input<string>;
  readonly tenants: readonly LogTenant[];
  readonly storage: LogStorage;
  readonly retention: LogRetention;
  /** Loki's folder on the only node, see `LokiArgs.dataFolder`. */
  readonly dataFolder?: string | undefined;
  readonly folders?: NodeFolders;
}

/** Each tenant's lines, and the platform's own: collected on the nodes, kept apart, and read by credential. */
export class Logs extends pulumi.ComponentResource {
  constructor(name: string, args: LogsArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:logs:Logs", name, {}, options);
    const { environment, images, key, tenants, storage } = args;
    const owner: Ownership = { environment, role: "platform" };
    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", logsNamespace),
      {
        metadata: metadata(owner, { name: logsNamespace, labels: restrictedPods(args.podSecurityVersion) }),
      },
      { parent: this },
    );
    const within = { parent: this };
    const limits = limitsOf({
      tenants,
      retention: args.retention,
      ...(storage.kind === "volume" ? { volume: storage.size } : {}),
    });
    const { dataFolder, folders } = args;
    const loki = new Loki(
      "loki",
      { environment, image: images.loki, storage, limits, dataFolder, namespace },
      within,
    );
    const gateway = new LogGateway(
      "logs-gateway",
      {
        environment,
        image: images.caddy,
        key,
        tenants: tenants.map(({ tenant }) => tenant),
        replicas: replicasOf(storage) > 1 ? 2 : 1,
        namespace,
      },
      within,
    );
    new LogCollector(
      "logs-collector",
      {
        environment,
        image: images.collector,
        key,
        tenants,
        ...(folders && { folders }),
        after: [...loki.ready, ...gateway.ready],
      },
      within,
    );
    this.registerOutputs({});
  }
}

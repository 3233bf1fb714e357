import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { logAccess } from "../components/logs/credentials";
import type { LogSize } from "../components/logs/limits";
import { Logs } from "../components/logs/logs";
import type { LogAccess } from "../components/logs/names";
import { sizes, type Size, type SizeClass } from "../components/tenant/sizes";
import type { TenantComponent } from "../components/tenant/tenant";
import type { PlatformConfig } from "../infra/config";
import { images } from "../infra/versions";
import type { PlatformCluster } from "./cluster";
import { logStorage } from "./ownStores";

/** How logs are written and read. */
export interface LogService {
  /** What each credential follows from. Secret; another one after a lost state, and with it every credential in the same run. */
  readonly key: pulumi.Output<string>;
  readonly access: LogAccess;
}

/** What keeping logs takes from the services. */
export interface LogServices {
  readonly logs?: LogService | undefined;
  readonly options: pulumi.ComponentResourceOptions;
}

/** What tenants and their Grafanas need of the logs: no more than a key, so that it comes before them. */
export function logService(
  { logs }: PlatformConfig,
  { dependsOn }: Pick<pulumi.ComponentResourceOptions, "dependsOn">,
): LogService | undefined {
  if (logs === undefined) return undefined;
  const { result: key } = new random.RandomPassword(
    "logs-key",
    { length: 64, special: false },
    { additionalSecretOutputs: ["result"], ...(dependsOn === undefined ? {} : { dependsOn }) },
  );
  return { key, access: logAccess(key) };
}

/** Keeps the lines of these tenants and of the platform, where the configuration says so. */
export function keepLogs(
  config: PlatformConfig,
  cluster: PlatformCluster,
  { logs, options }: LogServices,
  tenants: readonly TenantComponent[],
): void {
  if (config.logs === undefined || logs === undefined) return;
  const folders = cluster.logFolders;
  new Logs(
    "logs",
    {
      environment: config.environment,
      podSecurityVersion: `v${cluster.kubernetesVersion}`,
      images,
      key: logs.key,
      tenants: tenants.map(({ tenant, namespaces, size }) => ({ tenant, namespaces, size: logSizeOf(size) })),
      storage: logStorage(config.logs, config, cluster),
      retention: config.logs.retention,
      ...(folders && {
        dataFolder: folders.loki,
        folders: { pods: folders.pods, state: folders.collector },
      }),
    },
    options,
  );
}

/** The class of an explicit size: the largest whose number of pods it reaches, because lines come from pods. */
function logSizeOf(size: SizeClass | Size): LogSize {
  if (typeof size === "string") return size;
  return (["large", "medium"] as const).find((name) => size.pods >= sizes[name].pods) ?? "small";
}

import type { PlatformConfig } from "../../infra/config";

/** A configuration as {@link parseConfig} gives it for the embedded cluster, with whole sections replaced. */
export function aConfig(changes: Partial<PlatformConfig> = {}): PlatformConfig {
  return {
    stack: "test",
    environment: "test",
    cluster: { kind: "local", registries: {} },
    git: { kind: "gitea" },
    flux: { manifests: { kind: "own" }, concurrency: 8, interval: "1m" },
    keys: {},
    tenants: { charts: false },
    ingress: { kind: "none" },
    charts: {},
    ...changes,
  };
}

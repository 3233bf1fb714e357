import type { PlatformConfig } from "../../infra/config";
import type { ExistingCluster } from "../../infra/config/existingSection";

/** A configuration as {@link parseConfig} gives it for the embedded cluster, with whole sections replaced. */
export function aConfig(changes: Partial<PlatformConfig> = {}): PlatformConfig {
  return {
    stack: "test",
    environment: "test",
    cluster: { kind: "local", registries: {} },
    git: { kind: "gitea" },
    flux: { manifests: { kind: "own" }, concurrency: 8, interval: "1m" },
    gitops: { engine: "flux", crds: { kind: "own" }, services: false, codeOwners: [] },
    keys: {},
    tenants: { charts: false },
    ingress: { kind: "none" },
    charts: {},
    ...changes,
  };
}

/** A cluster of somebody else's, as its section gives it, with settings replaced. */
export function anExistingCluster(changes: Partial<ExistingCluster> = {}): ExistingCluster {
  return {
    kind: "existing",
    name: "theirs",
    kubernetesVersion: "1.33",
    kubeconfig: { kind: "secret" },
    deployers: { groups: ["operators"], users: [] },
    readers: { groups: [], users: [] },
    accept: [],
    policyCheck: "names",
    ...changes,
  };
}

/** The platform's Git host on a node that isn't the cluster's. */
export const gitOnANode: PlatformConfig["git"] = {
  kind: "gitea",
  node: { dataFolder: "/data/git", address: "10.1.0.2", clientAddress: "10.1.0.1" },
};

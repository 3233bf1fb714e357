import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ownWorkloads } from "../../components/flux/workloads";
import { parseManifests } from "../../components/manifest";
import { fluxCrdFile } from "../../infra/cluster/local";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { images, versions } from "../../infra/versions";
import { prepareNode } from "../../local/node";
import { plain } from "../../local/progress";
import { asYaml } from "./fluxRelease";
import { TestNode } from "./testNode";
import type { Elsewhere } from "./trialPlatform";

/** An embedded cluster that no stack of ours has made: Terp is given its kubeconfig in a file, and nothing else. */
export class SomebodyElsesCluster {
  private constructor(
    readonly node: TestNode,
    private readonly folder: string,
  ) {}

  /** Starts it, with the images of a platform, and without anything that a cluster may be found to lack. */
  static async start(): Promise<SomebodyElsesCluster> {
    const folder = mkdtempSync(join(tmpdir(), "terp-elses-"));
    const { images: all } = await prepareNode("elses", {}, plain());
    const node = await TestNode.create({ images: all });
    const cluster = new SomebodyElsesCluster(node, folder);
    mkdirSync(cluster.repositories);
    chownSync(cluster.repositories, 1000, 1000);
    writeFileSync(cluster.manifests, await fluxManifests());
    await node.up();
    cluster.give(node.reach.kubeconfig);
    return cluster;
  }

  /** An administrator's API. The caller closes it. */
  api(): KubeApi {
    return new KubeApi(accessFrom(this.node.reach.kubeconfig));
  }

  /** Puts a kubeconfig where the settings say that it is. */
  give(kubeconfig: string): void {
    writeFileSync(this.kubeconfig, kubeconfig, { mode: 0o600 });
  }

  /** Settings of a stack for it, and where that has its state. */
  settings(cluster: Readonly<Record<string, unknown>> = {}): Elsewhere {
    const { nodeAddress, hostAddress } = this.node.reach;
    const state = join(this.folder, "state");
    mkdirSync(state, { recursive: true });
    return {
      settings: {
        "pulumi:disable-default-providers": ["kubernetes"],
        "terp:cluster": {
          kind: "existing",
          name: "elses",
          kubernetesVersion: versions.kubernetes.split(".").slice(0, 2).join("."),
          kubeconfig: { kind: "file", path: this.kubeconfig },
          ...cluster,
        },
        "terp:git": {
          kind: "gitea",
          node: { dataFolder: this.repositories, address: nodeAddress, clientAddress: hostAddress },
        },
        "terp:flux": { manifests: { kind: "release", file: this.manifests, version: "v2.7.5" } },
        "terp:keys": { store: { kind: "file", folder: join(this.folder, "keys") } },
        "terp:oidc": { issuer: "https://login.example.org/teams", clientId: "kubernetes" },
      },
      variables: {
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      },
    };
  }

  async remove(): Promise<void> {
    await this.node.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get kubeconfig(): string {
    return join(this.folder, "kubeconfig.yaml");
  }

  private get repositories(): string {
    return join(this.folder, "repositories");
  }

  private get manifests(): string {
    return join(this.folder, "install.yaml");
  }
}

/** An `install.yaml` whose images can be had here: upstream's definitions, and Deployments that run the controllers built here. */
async function fluxManifests(): Promise<string> {
  const file = await fluxCrdFile();
  return asYaml([...parseManifests(readFileSync(file, "utf8"), file), ...ownWorkloads(images)]);
}

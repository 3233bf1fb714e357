import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";

import { messageOf } from "../../../infra/fault";
import type { GitAccess } from "../../git/access";
import { bundleBySsh, type SshAccess } from "../../git/bundle";
import type { GitHost } from "../../git/host";
import { openGitHost } from "../../git/openHost";
import { seal } from "../../sops";
import { controlNamespaceName } from "../names";
import { SuspensionCluster } from "./cluster";
import { exportFiles, exportFolderName, type ExportSource } from "./exportFiles";

/** What a suspension is given, in clear. */
export interface SuspensionInputs {
  readonly kubeconfig: string;
  readonly access: GitAccess;
  readonly tenant: string;
  readonly environment: string;
  readonly namespaces: readonly string[];
  readonly organisation: string;
  readonly repository: string;
  /** How the repository is read, where the tenant brought it along. */
  readonly brought?: SshAccess;
  readonly recipient: string;
  readonly folder: string;
}

/** What the state keeps of it. */
export interface SuspensionOutputs {
  readonly tenant: string;
  readonly namespaces: readonly string[];
  readonly exportedTo: string;
}

/** What suspending works with, replaced by tests. */
export interface SuspensionTools {
  readonly cluster: (
    kubeconfig: string,
  ) => Pick<
    SuspensionCluster,
    "objects" | "stopReconciling" | "releaseCharts" | "releaseServices" | "closeNetwork" | "close"
  >;
  readonly host: (access: GitAccess) => Pick<GitHost, "bundle">;
  readonly bundleBySsh: (access: SshAccess) => Promise<Uint8Array | undefined>;
  readonly seal: (manifest: string, recipient: string) => Promise<string>;
  readonly now: () => Date;
}

/** Carries out `TenantSuspension` in the plugin for dynamic providers. */
export class SuspensionProvider implements dynamic.ResourceProvider<SuspensionInputs, SuspensionOutputs> {
  constructor(private readonly tools: SuspensionTools) {}

  diff(_id: string, olds: SuspensionOutputs, news: SuspensionInputs): Promise<dynamic.DiffResult> {
    // A namespace more is exported and stopped too. Whatever else changes, what was exported is.
    const isMore = news.namespaces.some((namespace) => !olds.namespaces.includes(namespace));
    return Promise.resolve({ changes: isMore });
  }

  async create(inputs: SuspensionInputs): Promise<dynamic.CreateResult<SuspensionOutputs>> {
    return { id: inputs.tenant, outs: await this.suspend(inputs) };
  }

  async update(
    _id: string,
    _olds: SuspensionOutputs,
    news: SuspensionInputs,
  ): Promise<dynamic.UpdateResult<SuspensionOutputs>> {
    return { outs: await this.suspend(news) };
  }

  /** Leaves the export, and everything as it is: what resumes is Flux, which applies the repository again. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async suspend(inputs: SuspensionInputs): Promise<SuspensionOutputs> {
    const { tenant, namespaces } = inputs;
    const cluster = this.tools.cluster(inputs.kubeconfig);
    try {
      await cluster.stopReconciling(namespaces);
      const exportedTo = await this.export(inputs, await cluster.objects(namespaces));
      await cluster.releaseCharts(controlNamespaceName(tenant), namespaces);
      await cluster.releaseServices(tenant);
      await cluster.closeNetwork(namespaces);
      return { tenant, namespaces, exportedTo };
    } finally {
      await cluster.close();
    }
  }

  /** Writes the whole export beside its place, and moves it there when it is complete. */
  private async export(
    inputs: SuspensionInputs,
    found: Awaited<ReturnType<SuspensionCluster["objects"]>>,
  ): Promise<string> {
    const at = this.tools.now().toISOString();
    const files = await exportFiles({
      ...inputs,
      ...found,
      at,
      ...(await this.repository(inputs)),
      seal: (manifest) => this.tools.seal(manifest, inputs.recipient),
    });
    const place = join(inputs.folder, inputs.tenant, exportFolderName(at));
    const unfinished = `${place}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    for (const [path, content] of files) {
      const file = join(unfinished, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, content, { mode: 0o600 });
    }
    chmodSync(unfinished, 0o700);
    rmSync(place, { recursive: true, force: true });
    renameSync(unfinished, place);
    return place;
  }

  /** The repository as a bundle. One that the tenant brought along is its owner's to keep: that it isn't reached holds up nothing. */
  private async repository({
    brought,
    access,
    ...place
  }: SuspensionInputs): Promise<Pick<ExportSource, "bundle" | "unreachable">> {
    if (brought === undefined) return { bundle: await this.tools.host(access).bundle(place) };
    try {
      return { bundle: await this.tools.bundleBySsh(brought) };
    } catch (error) {
      return { bundle: undefined, unreachable: messageOf(error) };
    }
  }
}

/** What the plugin for dynamic providers loads. */
export const provider = new SuspensionProvider({
  cluster: (kubeconfig) => new SuspensionCluster(kubeconfig),
  host: openGitHost,
  bundleBySsh,
  seal,
  now: () => new Date(),
});

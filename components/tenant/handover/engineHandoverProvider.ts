import type { dynamic } from "@pulumi/pulumi";

import type { Engine } from "../engine";
import { SuspensionCluster } from "../suspension/cluster";
import { HandoverCluster } from "./cluster";

/** What a handover is given, in clear. */
export interface HandoverInputs {
  readonly kubeconfig: string;
  readonly tenant: string;
  readonly engine: Engine;
  readonly secretsPath: string;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
}

/** What the state keeps of it. */
export interface HandoverOutputs {
  readonly tenant: string;
  readonly engine: Engine;
}

/** What handing over works with, replaced by tests. */
export type HandoverTools = (
  kubeconfig: string,
) => Pick<
  HandoverCluster,
  | "isHeldByFlux"
  | "untilArgocdApplied"
  | "keepSecretsAlone"
  | "releaseFromFlux"
  | "letGoOfApplication"
  | "close"
>;

/** Has what a suspension stopped in these namespaces go on. */
export type Resuming = (kubeconfig: string, namespaces: readonly string[]) => Promise<void>;

/**
 * Carries out `EngineHandover` in the plugin for dynamic providers. Each step can be done again, so a run that was killed in between
 * is finished by the next.
 */
export class EngineHandoverProvider implements dynamic.ResourceProvider<HandoverInputs, HandoverOutputs> {
  constructor(
    private readonly clusterOf: HandoverTools,
    private readonly resume: Resuming,
  ) {}

  diff(_id: string, olds: HandoverOutputs, news: HandoverInputs): Promise<dynamic.DiffResult> {
    return Promise.resolve({ changes: olds.engine !== news.engine });
  }

  async create(inputs: HandoverInputs): Promise<dynamic.CreateResult<HandoverOutputs>> {
    const outs = await this.handOver(inputs);
    // A suspended tenant has no handover, so one that resumes gets a new one. Argo CD leaves fields alone that its repository doesn't name.
    await this.resume(inputs.kubeconfig, inputs.namespaces);
    return { id: inputs.tenant, outs };
  }

  async update(
    _id: string,
    _olds: HandoverOutputs,
    news: HandoverInputs,
  ): Promise<dynamic.UpdateResult<HandoverOutputs>> {
    return { outs: await this.handOver(news) };
  }

  /** Leaves everything as it is. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async handOver({
    kubeconfig,
    tenant,
    engine,
    secretsPath,
  }: HandoverInputs): Promise<HandoverOutputs> {
    const cluster = this.clusterOf(kubeconfig);
    try {
      if (engine === "flux") {
        // kustomize-controller takes over the fields itself: it is told whose to take.
        await cluster.letGoOfApplication(tenant);
      } else {
        if (await cluster.isHeldByFlux(tenant)) {
          await cluster.untilArgocdApplied(tenant);
          await cluster.keepSecretsAlone(tenant, secretsPath);
        }
        await cluster.releaseFromFlux(tenant);
      }
    } finally {
      await cluster.close();
    }
    return { tenant, engine };
  }
}

/** What the plugin for dynamic providers loads. */
export const provider = new EngineHandoverProvider(
  (kubeconfig) => new HandoverCluster(kubeconfig),
  async (kubeconfig, namespaces) => {
    const cluster = new SuspensionCluster(kubeconfig);
    try {
      await cluster.resumeReconciling(namespaces);
    } finally {
      await cluster.close();
    }
  },
);

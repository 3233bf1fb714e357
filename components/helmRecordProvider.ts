import { randomUUID } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";

import { accessFrom, KubeApi } from "../infra/cluster/kubeApi";
import { asFailed, isInTheWay, isUnfinished, newestOf, type HelmRecord } from "./helmRecords";

/** What a release's records are found by, in clear. */
export interface RecordInputs {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly release: string;
}

/** What the state keeps of them. */
export interface RecordOutputs extends RecordInputs {
  readonly repair: string;
}

type Api = Pick<KubeApi, "text" | "list" | "merge" | "close">;

/** Carries out `ReleaseRecords` in the plugin for dynamic providers. */
export class HelmRecordProvider implements dynamic.ResourceProvider<RecordInputs, RecordOutputs> {
  /** @param open The cluster's API, by a kubeconfig. */
  constructor(private readonly open: (kubeconfig: string) => Api) {}

  /** Looks each time, so that a plain `up` goes on from what an earlier one left in the middle. */
  async diff(_id: string, _olds: RecordOutputs, news: RecordInputs): Promise<dynamic.DiffResult> {
    try {
      return { changes: await this.with(news, async (api) => isUnfinished(await newest(api, news))) };
    } catch {
      // A cluster that isn't there yet, or doesn't answer: what is to be done with it says why.
      return { changes: false };
    }
  }

  /**
   * Before the first installation: what Helm knows of the release is from an earlier state that was lost, or from a run that was
   * stopped. In a namespace that is the platform's own it is the platform's: it is taken over.
   */
  async create(inputs: RecordInputs): Promise<dynamic.CreateResult<RecordOutputs>> {
    await this.with(inputs, async (api) => {
      const found = await newest(api, inputs);
      if (isInTheWay(found)) await fail(api, inputs, found);
    });
    return { id: `${inputs.namespace}/${inputs.release}`, outs: { ...inputs, repair: "" } };
  }

  async update(
    _id: string,
    olds: RecordOutputs,
    news: RecordInputs,
  ): Promise<dynamic.UpdateResult<RecordOutputs>> {
    const isRepaired = await this.with(news, async (api) => {
      const found = await newest(api, news);
      if (!isUnfinished(found)) return false;
      await fail(api, news, found);
      return true;
    });
    return {
      outs: {
        ...news,
        repair: isRepaired ? `Taken up again after an interruption (${randomUUID()})` : olds.repair,
      },
    };
  }

  /** The records go with the release. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async with<T>({ kubeconfig }: RecordInputs, work: (api: Api) => Promise<T>): Promise<T> {
    const api = this.open(kubeconfig);
    try {
      return await work(api);
    } finally {
      await api.close();
    }
  }
}

function pathOf({ namespace }: RecordInputs): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

async function newest(api: Api, inputs: RecordInputs): Promise<HelmRecord | undefined> {
  const selector = encodeURIComponent(`owner=helm,name=${inputs.release}`);
  const found = await api.list(`${pathOf(inputs)}?labelSelector=${selector}`);
  return newestOf(found.map(({ metadata: { name, labels } }) => ({ name, labels })));
}

async function fail(api: Api, inputs: RecordInputs, { name }: HelmRecord): Promise<void> {
  const path = `${pathOf(inputs)}/${name}`;
  const { data } = JSON.parse(await api.text(path)) as { readonly data: { readonly release: string } };
  const change = { metadata: { labels: { status: "failed" } }, data: { release: asFailed(data.release) } };
  // As Helm itself, which writes the whole record.
  await api.merge(path, change, "helm");
}

/** What the plugin for dynamic providers loads. */
export const provider = new HelmRecordProvider((kubeconfig) => new KubeApi(accessFrom(kubeconfig)));

import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";

import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";

/** {@link CountedKindsArgs} in clear. */
export interface CountedKindsInputs {
  readonly kubeconfig: string;
  readonly kinds: readonly string[];
}

type Api = Pick<KubeApi, "metadata" | "text" | "post" | "remove" | "close">;

/** How long is waited, in milliseconds. */
export interface Patience {
  /** For the cluster to count all kinds. */
  readonly whole: number;
  /** For the status of one quota: the controller looks at a new one at once, and not again for five minutes. */
  readonly quota: number;
  /** Between two looks. */
  readonly interval: number;
}

/** Where the quota is made that shows it: in a namespace in which nobody has objects of these kinds. */
const quotas = "/api/v1/namespaces/kube-public/resourcequotas";
const probe = "terp-counted-kinds";

/** Carries out `CountedKinds` in the plugin for dynamic providers. */
export class CountedKindsProvider implements dynamic.ResourceProvider<
  CountedKindsInputs,
  CountedKindsInputs
> {
  /** @param open The cluster's API, by a kubeconfig. */
  constructor(
    private readonly open: (kubeconfig: string) => Api,
    private readonly patience: Patience,
  ) {}

  /** Another kubeconfig is of the same cluster. */
  diff(_id: string, olds: CountedKindsInputs, news: CountedKindsInputs): Promise<dynamic.DiffResult> {
    return Promise.resolve({ changes: !isDeepStrictEqual(olds.kinds, news.kinds) });
  }

  async create(inputs: CountedKindsInputs): Promise<dynamic.CreateResult<CountedKindsInputs>> {
    await this.wait(inputs);
    return { id: probe, outs: inputs };
  }

  async update(
    _id: string,
    _olds: CountedKindsInputs,
    news: CountedKindsInputs,
  ): Promise<dynamic.UpdateResult<CountedKindsInputs>> {
    await this.wait(news);
    return { outs: news };
  }

  /** There is nothing left of it. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async wait({ kubeconfig, kinds }: CountedKindsInputs): Promise<void> {
    const api = this.open(kubeconfig);
    const end = Date.now() + this.patience.whole;
    try {
      const known = await definedOf(api, kinds);
      for (;;) {
        const missing = await this.missing(api, known);
        if (missing.length === 0) return;
        if (Date.now() > end)
          throw new Error(
            `the cluster's quotas don't count ${missing.join(", ")}: expected it of Kubernetes' resourcequota controller ` +
              `within a minute of the definition; look at kube-controller-manager's log, then run it again`,
          );
      }
    } finally {
      await api.remove(`${quotas}/${probe}`).finally(() => api.close());
    }
  }

  /** The kinds that a new quota doesn't count. */
  private async missing(api: Api, kinds: readonly string[]): Promise<readonly string[]> {
    await api.remove(`${quotas}/${probe}`);
    // So many that it refuses nothing.
    const hard = Object.fromEntries(kinds.map((kind) => [`count/${kind}`, "1000000"]));
    await api.post(quotas, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: probe },
      spec: { hard },
    });
    const end = Date.now() + this.patience.quota;
    for (;;) {
      await sleep(this.patience.interval);
      const { status } = JSON.parse(await api.text(`${quotas}/${probe}`)) as {
        readonly status?: { readonly used?: Readonly<Record<string, string>> };
      };
      const missing = kinds.filter((kind) => status?.used?.[`count/${kind}`] === undefined);
      if (missing.length === 0 || Date.now() > end) return missing;
    }
  }
}

/** Those that the cluster has a definition of; nobody makes objects of others. */
async function definedOf(api: Api, kinds: readonly string[]): Promise<readonly string[]> {
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const found = await Promise.all(kinds.map((kind) => api.metadata(`${definitions}/${kind}`)));
  return kinds.filter((_, index) => found[index] !== undefined);
}

/** What the plugin for dynamic providers loads. */
export const provider = new CountedKindsProvider((kubeconfig) => new KubeApi(accessFrom(kubeconfig)), {
  whole: 3 * 60_000,
  quota: 3_000,
  interval: 250,
});

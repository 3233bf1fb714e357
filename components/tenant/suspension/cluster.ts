import { setTimeout as sleep } from "node:timers/promises";
import { accessFrom, KubeApi } from "../../../infra/cluster/kubeApi";
import { messageOf } from "../../../infra/fault";
import { argocdApi, argocdNamespace } from "../../argocd/names";
import { helmController } from "../../flux/names";
import { environmentLabel } from "../../metadata";
import { exportableKinds, isExported, isStoppedBy, type Exportable, type NamespacedKind } from "./exportable";

/**
 * Who changes a tenant's objects while it is suspended. By its first word kustomize-controller takes it for somebody at a
 * terminal, whose changes it takes back when it applies the repository again: so resuming needs nothing but Flux.
 */
const manager = "kubectl-terp-suspend";

/** How long a controller may take to stop, and how often that is looked at, in milliseconds. */
const patience = 60_000;
const pause = 250;

const reconciled = ["kustomizations", "helmreleases"];
const fetched = ["gitrepositories", "ocirepositories", "helmrepositories", "buckets"];

/** Whether the program makes it: what it is like stands in the code. */
function isOurs({ metadata }: Exportable): boolean {
  const labels = metadata["labels"] as Readonly<Record<string, string>> | undefined;
  return labels?.[environmentLabel] !== undefined;
}

interface Discovered {
  readonly resources: Parameters<typeof exportableKinds>[2];
}

interface Group {
  readonly preferredVersion: { readonly groupVersion: string };
}

/** The cluster, as far as suspending a tenant needs it. */
export class SuspensionCluster {
  private readonly api: KubeApi;
  private discovered: Promise<readonly NamespacedKind[]> | undefined;

  /** @param kubeconfig an administrator's. */
  constructor(kubeconfig: string) {
    this.api = new KubeApi(accessFrom(kubeconfig));
  }

  /** Everything in the namespaces that isn't the platform's, or made from something else there. A kind that can't be listed is left out, and named. */
  async objects(
    namespaces: readonly string[],
  ): Promise<{ readonly objects: readonly Exportable[]; readonly unread: readonly string[] }> {
    const objects: Exportable[] = [];
    const unread: string[] = [];
    for (const kind of await this.kinds()) {
      for (const namespace of namespaces) {
        try {
          objects.push(
            ...(await this.list(kind, namespace)).filter((each) => isExported(each) && !isOurs(each)),
          );
        } catch (error) {
          unread.push(`${kind.plural} in ${namespace}: ${messageOf(error)}`);
        }
      }
    }
    return { objects, unread };
  }

  /** Stops what Flux does for the tenant in its own namespaces. */
  async stopReconciling(namespaces: readonly string[]): Promise<void> {
    const kinds = (await this.kinds()).filter(({ plural }) => [...reconciled, ...fetched].includes(plural));
    await this.each(kinds, namespaces, (path) => this.api.merge(path, { spec: { suspend: true } }, manager));
  }

  /** Takes back what that did, and nothing that people stopped. Where kustomize-controller applies the repository, it does so itself. */
  async resumeReconciling(namespaces: readonly string[]): Promise<void> {
    const kinds = (await this.kinds()).filter(({ plural }) => [...reconciled, ...fetched].includes(plural));
    await this.each(kinds, namespaces, async (path, object) => {
      if (isStoppedBy(manager, object)) await this.api.merge(path, { spec: { suspend: null } }, manager);
    });
  }

  /**
   * Lets HelmReleases go without their controller: it has stopped, and with the namespaces its rights would be gone before it
   * could take its finalizers away. It puts them back when the tenant resumes.
   *
   * @param control The tenant's control namespace, where the controller runs.
   * @throws if it still runs after a minute: it would put the finalizers back at once.
   */
  async releaseCharts(control: string, namespaces: readonly string[]): Promise<void> {
    await this.untilStopped(control);
    const kinds = (await this.kinds()).filter(({ plural }) => plural === "helmreleases");
    await this.each(kinds, namespaces, (path) =>
      this.api.merge(path, { metadata: { finalizers: null } }, manager),
    );
  }

  /**
   * Lets the Applications of the tenant's services go without deleting what they applied, which goes with the namespaces: a file or an
   * object of the tenant's could have that wait for ever.
   */
  async releaseServices(tenant: string): Promise<void> {
    const { groups } = await this.get<{ readonly groups: readonly Group[] }>("/apis");
    if (!groups.some(({ preferredVersion }) => preferredVersion.groupVersion === argocdApi)) return;
    const path = `/apis/${argocdApi}/namespaces/${argocdNamespace}/applications`;
    const { items } = await this.get<{ readonly items: readonly Pick<Exportable, "metadata">[] }>(path);
    for (const { metadata } of items)
      // No tenant's name has a dot.
      if (metadata.name.startsWith(`${tenant}.`))
        await this.api.merge(`${path}/${metadata.name}`, { metadata: { finalizers: null } }, manager);
  }

  /** Takes away the network policies that aren't the platform's: they add to ours what a suspended tenant must not have. */
  async closeNetwork(namespaces: readonly string[]): Promise<void> {
    const kinds = (await this.kinds()).filter(({ plural }) => plural === "networkpolicies");
    await this.each(kinds, namespaces, async (path, object) => {
      if (!isOurs(object)) await this.api.remove(path);
    });
  }

  async close(): Promise<void> {
    await this.api.close();
  }

  private async each(
    kinds: readonly NamespacedKind[],
    namespaces: readonly string[],
    change: (path: string, object: Exportable) => Promise<void>,
  ): Promise<void> {
    for (const kind of kinds)
      for (const namespace of namespaces)
        for (const object of await this.list(kind, namespace))
          await change(`${kind.root}/namespaces/${namespace}/${kind.plural}/${object.metadata.name}`, object);
  }

  private async untilStopped(control: string): Promise<void> {
    const pods = `/api/v1/namespaces/${control}/pods?labelSelector=app%3D${helmController}`;
    const deadline = Date.now() + patience;
    while ((await this.api.list(pods)).length > 0) {
      if (Date.now() > deadline)
        throw new Error(
          `${helmController} in ${control} still runs: look at it with kubectl, then try again`,
        );
      await sleep(pause);
    }
  }

  private async list(
    { root, plural, apiVersion, kind }: NamespacedKind,
    namespace: string,
  ): Promise<Exportable[]> {
    const { items } = await this.get<{ readonly items: readonly Exportable[] }>(
      `${root}/namespaces/${namespace}/${plural}`,
    );
    // A list's items don't say what they are.
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Asked for once: suspending needs the kinds three times. */
  private kinds(): Promise<readonly NamespacedKind[]> {
    this.discovered ??= this.discover();
    return this.discovered;
  }

  private async discover(): Promise<readonly NamespacedKind[]> {
    const { groups } = await this.get<{ readonly groups: readonly Group[] }>("/apis");
    const roots = [
      { root: "/api/v1", version: "v1" },
      ...groups.map(({ preferredVersion: { groupVersion } }) => ({
        root: `/apis/${groupVersion}`,
        version: groupVersion,
      })),
    ];
    const found = await Promise.all(
      roots.map(async ({ root, version }) => {
        // An API of somebody's that doesn't answer has nothing to export, and mustn't keep the others from it.
        const answer = await this.get<Discovered>(root).catch(() => ({ resources: [] }));
        return exportableKinds(root, version, answer.resources);
      }),
    );
    return found.flat();
  }

  private async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.api.text(path)) as T;
  }
}

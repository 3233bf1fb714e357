import { setTimeout as sleep } from "node:timers/promises";
import { accessFrom, KubeApi, KubeApiError } from "../../../infra/cluster/kubeApi";
import { argocdApi, argocdNamespace } from "../../argocd/names";
import { kustomizeController } from "../../flux/names";
import { kustomizeApi } from "../../flux/sync";
import { tenantRepository } from "../../git/names";
import { controlNamespaceName } from "../names";
import {
  applicationFault,
  isApplied,
  isReady,
  readyFault,
  releasedFrom,
  staysWithFlux,
  type AppliedObject,
  type ApplicationObject,
  type KustomizationObject,
  type ManagedObject,
} from "./decisions";

/** Who changes a Kustomization while it is handed over; it holds none of its fields afterwards. */
const manager = "terp-handover";

/** How long an engine may take, and how often that is looked at, in milliseconds. */
const patience = 180_000;
const pause = 500;
/** How often a change is tried that somebody else's came before. */
const tries = 5;

/** The cluster, as far as handing a tenant over needs it. */
export class HandoverCluster {
  private readonly api: KubeApi;
  private plurals = new Map<string, Promise<ReadonlyMap<string, string>>>();

  /** @param kubeconfig an administrator's. */
  constructor(kubeconfig: string) {
    this.api = new KubeApi(accessFrom(kubeconfig));
  }

  /** Whether the tenant's Kustomization has applied more than Secrets and would take that away with its folder. */
  async isHeldByFlux(tenant: string): Promise<boolean> {
    const found = await this.find<KustomizationObject>(kustomizationPath(tenant));
    return found !== undefined && !staysWithFlux(found);
  }

  /**
   * Has Argo CD apply the repository.
   *
   * @throws with what it says, if it hasn't in three minutes.
   */
  async untilArgocdApplied(tenant: string): Promise<void> {
    const place = applicationPath(tenant);
    // Nothing differs from what Flux applied, so by itself it would apply nothing, and hold nothing.
    const sync = { prune: true, syncOptions: ["ServerSideApply=true"] };
    await this.api.merge(place, { operation: { initiatedBy: { username: manager }, sync } }, manager);
    const found = await this.until(
      () => this.find<ApplicationObject>(place),
      (one) => one !== undefined && isApplied(one),
    );
    if (found === undefined || !isApplied(found))
      throw new Error(
        `tenant "${tenant}" stays with Flux: Argo CD hasn't applied its repository: ${applicationFault(found)}`,
      );
  }

  /**
   * Has the Kustomization apply the folder with the Secrets alone, and forget the rest without taking it away.
   *
   * @throws with what Flux says, if it can't. The Kustomization is then as it was.
   */
  async keepSecretsAlone(tenant: string, path: string): Promise<void> {
    const place = kustomizationPath(tenant);
    const former = await this.find<KustomizationObject>(place);
    if (former === undefined) return;
    await this.api.merge(place, { spec: { path, prune: false, suspend: false } }, manager);
    const found = await this.until(
      () => this.find<KustomizationObject>(place),
      (one) => one === undefined || (isReady(one) && staysWithFlux(one)),
    );
    const isDone = found === undefined || (isReady(found) && staysWithFlux(found));
    await this.api.merge(place, { spec: { path: isDone ? path : former.spec.path, prune: true } }, manager);
    await this.release(place, manager);
    if (!isDone)
      throw new Error(
        `tenant "${tenant}" stays with Flux, which can't apply ${path}: ${readyFault(found)}; ` +
          `move what is encrypted there, with a kustomization.yaml that names it`,
      );
  }

  /** Takes Flux's marks and its hold on fields off what Argo CD has applied: what leaves the repository then leaves the object. */
  async releaseFromFlux(tenant: string): Promise<void> {
    const application = await this.find<ApplicationObject>(applicationPath(tenant));
    for (const applied of application?.status?.resources ?? []) {
      const place = await this.placeOf(applied);
      if (place !== undefined) await this.release(place, kustomizeController);
    }
  }

  /** Removes the Application and nothing of what it applied. */
  async letGoOfApplication(tenant: string): Promise<void> {
    const place = applicationPath(tenant);
    if ((await this.find(place)) === undefined) return;
    // A person may have asked for a deletion that takes everything along.
    await this.api.merge(place, { metadata: { finalizers: null } }, manager);
    await this.api.remove(place);
  }

  async close(): Promise<void> {
    await this.api.close();
  }

  private async release(place: string, from: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const found = await this.find<ManagedObject>(place);
      const change = found && releasedFrom(found, from);
      if (change === undefined) return;
      try {
        await this.api.merge(place, change, manager);
        return;
      } catch (error) {
        if (!(error instanceof KubeApiError && error.status === 409) || attempt === tries) throw error;
      }
    }
  }

  /** The URL of something that Argo CD applied. */
  private async placeOf({
    group = "",
    version,
    kind,
    namespace,
    name,
  }: AppliedObject): Promise<string | undefined> {
    const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const known = this.plurals.get(root) ?? this.discover(root);
    this.plurals.set(root, known);
    const plural = (await known).get(kind);
    if (plural === undefined || namespace === undefined) return undefined;
    return `${root}/namespaces/${namespace}/${plural}/${name}`;
  }

  private async discover(root: string): Promise<ReadonlyMap<string, string>> {
    const { resources } = JSON.parse(await this.api.text(root)) as {
      readonly resources: readonly { readonly name: string; readonly kind: string }[];
    };
    return new Map(resources.filter(({ name }) => !name.includes("/")).map(({ name, kind }) => [kind, name]));
  }

  private async find<T>(path: string): Promise<T | undefined> {
    return (await this.api.find(path)) as T | undefined;
  }

  /** What was found at last: as wanted, or what there was when patience ended. */
  private async until<T>(look: () => Promise<T>, isWanted: (found: T) => boolean): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const found = await look();
      if (isWanted(found) || Date.now() > deadline) return found;
      await sleep(pause);
    }
  }
}

function kustomizationPath(tenant: string): string {
  return `/apis/${kustomizeApi}/namespaces/${controlNamespaceName(tenant)}/kustomizations/${tenantRepository}`;
}

function applicationPath(tenant: string): string {
  return `/apis/${argocdApi}/namespaces/${argocdNamespace}/applications/${tenant}`;
}

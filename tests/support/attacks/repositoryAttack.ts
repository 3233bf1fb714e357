import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import type { KubeApi, KubeObject } from "../../../infra/cluster/kubeApi";
import type { TenantRepository } from "../tenantRepository";
import type { ForbiddenCommit } from "./commits";
import { at, control } from "./identities";

/** How long Flux may take to make up its mind. */
const patience = 60_000;

/** Pushes what must come to nothing, and takes it back. */
export class RepositoryAttack {
  private constructor(
    private readonly repository: TenantRepository,
    private readonly folder: string,
    private readonly api: KubeApi,
    private readonly start: { readonly resources: readonly string[] },
  ) {}

  /** @param folder The folder of the repository that is applied. */
  static async begin(repository: TenantRepository, folder: string, api: KubeApi): Promise<RepositoryAttack> {
    const text = await repository.read(`${folder}/kustomization.yaml`);
    return new RepositoryAttack(repository, folder, api, parse(text) as { resources: string[] });
  }

  /** @returns what Flux said of it; undefined if it was applied. */
  async try({ what, files, kustomization = {} }: ForbiddenCommit): Promise<string | undefined> {
    const added = [];
    for (const [name, content] of Object.entries(files)) {
      const file = `${this.folder}/${name}`;
      const text = typeof content === "string" ? content : stringify(content);
      if (text.startsWith("->")) await this.repository.link(file, text.slice(2));
      else {
        await this.repository.write(file, text);
        added.push(name);
      }
    }
    const { resources = [], ...rest } = kustomization;
    const all = [...this.start.resources, ...added, ...(resources as readonly string[])];
    await this.kustomization({ ...this.start, ...rest, resources: all });
    const commit = await this.repository.push(what);
    const said = await this.verdict(commit);
    for (const name of Object.keys(files)) await this.repository.removeFile(`${this.folder}/${name}`);
    return said;
  }

  /** Brings the repository back to where it was. @returns what Flux said of it; undefined if it was applied. */
  async end(): Promise<string | undefined> {
    await this.kustomization(this.start);
    return this.verdict(await this.repository.push("as it was"));
  }

  private async kustomization(content: object): Promise<void> {
    await this.repository.write(`${this.folder}/kustomization.yaml`, stringify(content));
  }

  private async verdict(commit: string): Promise<string | undefined> {
    const path = at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control, "apps");
    const deadline = Date.now() + patience;
    for (;;) {
      const { status } = JSON.parse(await this.api.text(path)) as KubeObject;
      const ready = status.conditions?.find(({ type }) => type === "Ready");
      // While it works on a commit the verdict is still that on the one before.
      const isWorking = status.conditions?.some(
        ({ type, reason }) => type === "Reconciling" && reason === "Progressing",
      );
      const isDecided =
        String(status["lastAttemptedRevision"]).includes(commit) &&
        ready?.status !== "Unknown" &&
        isWorking !== true;
      if (isDecided && ready !== undefined) return ready.status === "True" ? undefined : ready.message;
      if (Date.now() > deadline)
        throw new Error(`Flux doesn't say anything of ${commit}: ${JSON.stringify(ready)}`);
      await sleep(100);
    }
  }
}

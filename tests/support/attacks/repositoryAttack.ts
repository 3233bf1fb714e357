import { parse, stringify } from "yaml";
import type { Engine } from "../../../components/tenant/engine";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import type { TenantRepository } from "../tenantRepository";
import type { ForbiddenCommit } from "./commitParts";
import { engineVerdict } from "./engineVerdicts";

/** What a repository is attacked through. */
export interface AttackedRepository {
  readonly repository: TenantRepository;
  /** The folder of the repository that is applied. */
  readonly folder: string;
  /** What applies it. @default "flux" */
  readonly engine?: Engine;
  readonly api: KubeApi;
}

/** Pushes what must come to nothing, and takes it back. */
export class RepositoryAttack {
  private constructor(
    private readonly attacked: AttackedRepository,
    private readonly start: { readonly resources: readonly string[] },
  ) {}

  static async begin(attacked: AttackedRepository): Promise<RepositoryAttack> {
    const text = await attacked.repository.read(`${attacked.folder}/kustomization.yaml`);
    return new RepositoryAttack(attacked, parse(text) as { resources: string[] });
  }

  /** @returns what the engine said of it; undefined if it was applied. */
  async try(attack: Omit<ForbiddenCommit, "because">): Promise<string | undefined> {
    const { what, files = {}, beside = {}, kustomization = {} } = attack;
    const written = Object.entries({ ...files, ...beside });
    for (const [name, content] of written) await this.write(name, content);
    const { resources = [], ...rest } = kustomization;
    const all = [...this.start.resources, ...Object.keys(files), ...(resources as readonly string[])];
    await this.kustomization({ ...this.start, ...rest, resources: all });
    const said = await this.verdict(what);
    for (const [name] of written)
      await this.attacked.repository.removeFile(`${this.attacked.folder}/${name}`);
    return said;
  }

  /** Brings the repository back to where it was. @returns what the engine said of it; undefined if it was applied. */
  async end(): Promise<string | undefined> {
    await this.kustomization(this.start);
    return this.verdict("as it was");
  }

  private async write(name: string, content: unknown): Promise<void> {
    const { repository, folder } = this.attacked;
    const text = typeof content === "string" ? content : stringify(content);
    if (text.startsWith("->")) await repository.link(`${folder}/${name}`, text.slice(2));
    else await repository.write(`${folder}/${name}`, text);
  }

  private async kustomization(content: object): Promise<void> {
    const { repository, folder } = this.attacked;
    await repository.write(`${folder}/kustomization.yaml`, stringify(content));
  }

  private async verdict(message: string): Promise<string | undefined> {
    const { repository, engine = "flux", api } = this.attacked;
    return engineVerdict(engine, api, await repository.push(message));
  }
}

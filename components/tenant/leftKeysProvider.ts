import { isDeepStrictEqual } from "node:util";

import type { dynamic } from "@pulumi/pulumi";

import type { GitAccess } from "../git/access";
import { CommitQueue } from "../git/commitQueue";
import type { GitHost } from "../git/host";
import { openGitHost } from "../git/openHost";
import { retireKey } from "./retirement";
import { tenantsFolder } from "./sealedKey";

/** What {@link LeftKeys} is given, in clear. */
export interface LeftKeysInputs {
  readonly access: GitAccess;
  /** The platform repository. */
  readonly organisation: string;
  readonly repository: string;
  /** Which repository that is; another one of the same name has another. */
  readonly repositoryId: string;
  /** The tenants that the program has. */
  readonly tenants: readonly string[];
}

/**
 * Carries out `LeftKeys` in the plugin for dynamic providers. A change of the tenants alone is none: who goes while there is a state
 * has its key retired by that key's own resource, and a tenant that comes changes nothing of the others'.
 */
export class LeftKeysProvider implements dynamic.ResourceProvider<LeftKeysInputs, LeftKeysInputs> {
  /** @param host Opens the Git host that an access names. */
  constructor(private readonly host: (access: GitAccess) => GitHost) {}

  diff(_id: string, olds: LeftKeysInputs, news: LeftKeysInputs): Promise<dynamic.DiffResult> {
    return Promise.resolve({ changes: !isDeepStrictEqual(placeOf(olds), placeOf(news)) });
  }

  async create(inputs: LeftKeysInputs): Promise<dynamic.CreateResult<LeftKeysInputs>> {
    await this.retire(inputs);
    return { id: `${inputs.organisation}/${inputs.repository}`, outs: inputs };
  }

  async update(
    _id: string,
    _olds: LeftKeysInputs,
    news: LeftKeysInputs,
  ): Promise<dynamic.UpdateResult<LeftKeysInputs>> {
    await this.retire(news);
    return { outs: news };
  }

  private async retire({ access, tenants, organisation, repository }: LeftKeysInputs): Promise<void> {
    const host = this.host(access);
    const place = { organisation, repository };
    const queue = new CommitQueue(host, place);
    const left = (await host.folders(place, tenantsFolder)).filter((name) => !tenants.includes(name));
    await Promise.all(left.map((tenant) => retireKey(tenant, { host, place, queue })));
  }
}

function placeOf({ organisation, repository, repositoryId }: LeftKeysInputs): object {
  return { organisation, repository, repositoryId };
}

/** What the plugin for dynamic providers loads. */
export const provider = new LeftKeysProvider(openGitHost);

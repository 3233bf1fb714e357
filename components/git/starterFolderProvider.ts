import { posix } from "node:path";
import { isDeepStrictEqual } from "node:util";

import type { dynamic } from "@pulumi/pulumi";

import type { GitAccess } from "./access";
import { GitHostError, type GitHost } from "./host";
import { openGitHost } from "./openHost";

/** What {@link StarterFolder} is given, in clear. */
export interface StarterFolderInputs {
  readonly access: GitAccess;
  readonly organisation: string;
  readonly repository: string;
  /** Which repository that is; another one of the same name has another. */
  readonly repositoryId: string;
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
}

/** How often it looks again where somebody else commits at the same time. */
const attempts = 5;

/** Carries out `StarterFolder` in the plugin for dynamic providers. Other files to start from are no change: they were written. */
export class StarterFolderProvider implements dynamic.ResourceProvider<
  StarterFolderInputs,
  StarterFolderInputs
> {
  /** @param host Opens the Git host that an access names. */
  constructor(private readonly host: (access: GitAccess) => GitHost) {}

  diff(_id: string, olds: StarterFolderInputs, news: StarterFolderInputs): Promise<dynamic.DiffResult> {
    return Promise.resolve({ changes: !isDeepStrictEqual(placeOf(olds), placeOf(news)) });
  }

  async create(inputs: StarterFolderInputs): Promise<dynamic.CreateResult<StarterFolderInputs>> {
    await this.begin(inputs);
    return { id: `${inputs.organisation}/${inputs.repository}/${inputs.folder}`, outs: inputs };
  }

  async update(
    _id: string,
    _olds: StarterFolderInputs,
    news: StarterFolderInputs,
  ): Promise<dynamic.UpdateResult<StarterFolderInputs>> {
    await this.begin(news);
    return { outs: news };
  }

  private async begin({
    access,
    organisation,
    repository,
    folder,
    files,
  }: StarterFolderInputs): Promise<void> {
    const host = this.host(access);
    const place = { organisation, repository };
    for (let attempt = 1; ; attempt++) {
      const beside = await host.folders(place, posix.dirname(folder));
      if (beside.includes(posix.basename(folder))) return;
      const isThere = await Promise.all(
        Object.keys(files).map(async (path) => (await host.readFile(place, path)) !== undefined),
      );
      const absent = Object.entries(files).filter((_, index) => isThere[index] !== true);
      try {
        await host.commit(
          place,
          `Begin ${folder}\n\nWritten once: from here on it is yours.`,
          absent.map(([path, content]) => ({ operation: "create", path, content })),
        );
        return;
      } catch (error) {
        const isOvertaken = error instanceof GitHostError && error.fault === "outdated";
        if (!isOvertaken || attempt === attempts) throw error;
      }
    }
  }
}

function placeOf({ organisation, repository, repositoryId, folder }: StarterFolderInputs): object {
  return { organisation, repository, repositoryId, folder };
}

/** What the plugin for dynamic providers loads. */
export const provider = new StarterFolderProvider(openGitHost);

import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";

import type { GitAccess } from "./access";
import { isOutOfReach, type Leftovers, type ManagedGitHost } from "./host";
import type { Patience } from "./hostClient";
import { openManagedHost } from "./openHost";
import {
  briefly,
  ensureContents,
  isReplaced,
  withoutContents,
  type ContentsInputs,
  type WithoutContents,
} from "./repositoryContents";

/** What a repository's resource is given, in clear. */
export interface HostedInputs extends ContentsInputs {
  /** What an earlier state of this environment may have left. */
  readonly leftovers: Leftovers;
}

/** What the state keeps of it. */
export interface HostedOutputs extends WithoutContents<HostedInputs> {
  readonly repositoryId: string;
}

/** GitHub and GitLab ask who makes much at once to wait. */
const patiently: Patience = { total: 300_000 };

/** Carries out `HostedRepository` in the plugin for dynamic providers. */
export class HostedRepositoryProvider implements dynamic.ResourceProvider<HostedInputs, HostedOutputs> {
  /** @param open Opens the Git host that an access names. */
  constructor(private readonly open: (access: GitAccess, patience: Patience) => ManagedGitHost) {}

  async diff(_id: string, olds: HostedOutputs, news: HostedInputs): Promise<dynamic.DiffResult> {
    const isElsewhere =
      olds.access.url !== news.access.url ||
      olds.organisation !== news.organisation ||
      olds.repository !== news.repository;
    return {
      changes:
        isElsewhere ||
        olds.repositoryId === "" ||
        (news.isWatched === true && (await this.isGone(olds, news))) ||
        !isDeepStrictEqual(olds.access, news.access) ||
        !isDeepStrictEqual(olds.guard, news.guard),
      replaces: isElsewhere ? ["organisation", "repository"] : [],
    };
  }

  async create(inputs: HostedInputs): Promise<dynamic.CreateResult<HostedOutputs>> {
    const host = this.open(inputs.access, patiently);
    const repositoryId = await ensureContents(host, inputs);
    // There is no state yet, and so nothing there is what an official package made in it.
    await host.withdraw(inputs, inputs.leftovers);
    const id = `${inputs.organisation}/${inputs.repository}`;
    return { id, outs: { ...withoutContents(inputs), repositoryId } };
  }

  async update(
    _id: string,
    _olds: HostedOutputs,
    news: HostedInputs,
  ): Promise<dynamic.UpdateResult<HostedOutputs>> {
    const repositoryId = await ensureContents(this.open(news.access, patiently), news);
    return { outs: { ...withoutContents(news), repositoryId } };
  }

  /** Looks whether the repository is still there. Where nobody answers, nothing is concluded. */
  async read(id: string, props?: HostedOutputs): Promise<dynamic.ReadResult<HostedOutputs>> {
    if (props?.access === undefined) {
      throw new Error(
        `repository ${id}: there is nothing in the state to read it with; let "up" create it, it takes over what exists`,
      );
    }
    try {
      const found = await this.open(props.access, briefly).repositoryId(props);
      return found === undefined ? {} : { id, props };
    } catch (error) {
      if (isOutOfReach(error)) return { id, props };
      throw error;
    }
  }

  /** Leaves the repository where it is: it is its tenant's. */
  async delete(): Promise<void> {
    return Promise.resolve();
  }

  private async isGone(known: HostedOutputs, { access, sealsTo }: HostedInputs): Promise<boolean> {
    try {
      return await isReplaced(this.open(access, briefly), known, sealsTo);
    } catch (error) {
      if (isOutOfReach(error)) return false;
      throw error;
    }
  }
}

/** What the plugin for dynamic providers loads. */
export const provider = new HostedRepositoryProvider(openManagedHost);

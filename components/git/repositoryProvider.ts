import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { dynamic } from "@pulumi/pulumi";

import { webhookUrl } from "../webhook";
import type { GitAccess } from "./access";
import { makeSshKeyPair, type SshKeyPair } from "./deployKey";
import { Gitea } from "./giteaApi";
import { isOutOfReach, type WholeGitHost } from "./host";
import type { Patience } from "./hostClient";
import {
  briefly,
  ensureContents,
  isReplaced,
  withoutContents,
  type ContentsInputs,
  type WithoutContents,
} from "./repositoryContents";

/** What a repository's resource is given, in clear. */
export interface RepositoryInputs extends ContentsInputs {
  readonly deployKeyTitle: string;
  /** The Receiver that is told of a push; absent where none is. */
  readonly receiver?: { readonly namespace: string; readonly name: string } | undefined;
}

/** What the state keeps of it. */
export interface RepositoryOutputs extends WithoutContents<RepositoryInputs> {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly repositoryId: string;
  readonly webhookToken: string;
}

/** Carries out `Repository` in the plugin for dynamic providers. */
export class RepositoryProvider implements dynamic.ResourceProvider<RepositoryInputs, RepositoryOutputs> {
  /** @param open Opens the Git host that an access names. */
  constructor(private readonly open: (access: GitAccess, patience?: Patience) => WholeGitHost) {}

  async diff(_id: string, olds: RepositoryOutputs, news: RepositoryInputs): Promise<dynamic.DiffResult> {
    const isElsewhere = olds.organisation !== news.organisation || olds.repository !== news.repository;
    return {
      changes:
        isElsewhere ||
        olds.publicKey === "" ||
        // Of a state from before they were kept.
        (olds as Partial<RepositoryOutputs>).repositoryId === undefined ||
        (olds as Partial<RepositoryOutputs>).webhookToken === undefined ||
        (news.isWatched === true && (await this.isGone(olds, news.sealsTo))) ||
        olds.deployKeyTitle !== news.deployKeyTitle ||
        !isDeepStrictEqual(olds.guard, news.guard) ||
        olds.access.url !== news.access.url ||
        olds.access.username !== news.access.username ||
        olds.access.password !== news.access.password,
      replaces: isElsewhere ? ["organisation", "repository"] : [],
    };
  }

  /** Whether the repository isn't there any more, or another one is in its place. Where nobody answers, nothing is concluded. */
  private async isGone(known: RepositoryOutputs, sealsTo: unknown): Promise<boolean> {
    try {
      return await isReplaced(this.open(known.access, briefly), known, sealsTo);
    } catch (error) {
      if (isOutOfReach(error)) return false;
      throw error;
    }
  }

  async create(inputs: RepositoryInputs): Promise<dynamic.CreateResult<RepositoryOutputs>> {
    return {
      id: `${inputs.organisation}/${inputs.repository}`,
      outs: await this.ensure(inputs, makeSshKeyPair(), makeToken()),
    };
  }

  async update(
    _id: string,
    olds: RepositoryOutputs,
    news: RepositoryInputs,
  ): Promise<dynamic.UpdateResult<RepositoryOutputs>> {
    const known =
      olds.publicKey === "" ? makeSshKeyPair() : { privateKey: olds.privateKey, publicKey: olds.publicKey };
    const token = (olds as Partial<RepositoryOutputs>).webhookToken ?? makeToken();
    return { outs: await this.ensure(news, known, token) };
  }

  /** Looks whether the repository is still there and still knows the key. Where nobody answers, nothing is concluded. */
  async read(id: string, props?: RepositoryOutputs): Promise<dynamic.ReadResult<RepositoryOutputs>> {
    if (props?.access === undefined) {
      throw new Error(
        `repository ${id}: there is nothing in the state to read it with; let "up" create it, it takes over what exists`,
      );
    }
    try {
      const keys = await this.open(props.access, briefly).deployKeys(props);
      if (keys === undefined) return {};
      const isKnown = keys.some(
        (key) => key.title === props.deployKeyTitle && key.publicKey.startsWith(props.publicKey),
      );
      // Without a public key the next update gives it a new one.
      return { id, props: isKnown ? props : { ...props, publicKey: "" } };
    } catch (error) {
      if (isOutOfReach(error)) return { id, props };
      throw error;
    }
  }

  /** Leaves the repository where it is: it is its tenant's. */
  async delete(): Promise<void> {
    return Promise.resolve();
  }

  private async ensure(
    inputs: RepositoryInputs,
    key: SshKeyPair,
    webhookToken: string,
  ): Promise<RepositoryOutputs> {
    const host = this.open(inputs.access);
    const repositoryId = await ensureContents(host, inputs);
    await host.ensureDeployKey(inputs, { title: inputs.deployKeyTitle, publicKey: key.publicKey });
    if (inputs.receiver !== undefined) {
      const url = webhookUrl(webhookToken, inputs.receiver);
      await host.ensureWebhook(inputs, { url, token: webhookToken });
    }
    return { ...withoutContents(inputs), ...key, repositoryId, webhookToken };
  }
}

function makeToken(): string {
  return randomBytes(32).toString("hex");
}

/** What the plugin for dynamic providers loads. */
export const provider = new RepositoryProvider((access, patience) => new Gitea(access, patience));

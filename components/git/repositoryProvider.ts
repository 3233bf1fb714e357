import { randomBytes } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";

import { recipientsWithin } from "../../infra/keys/age";
import { seal } from "../sops";
import { webhookUrl } from "../webhook";
import { makeSshKeyPair, type SshKeyPair } from "./deployKey";
import { Gitea, type GiteaAccess, type Patience } from "./giteaApi";
import { GitHostError, isOutOfReach, ownMark, type GitHost, type RepositoryPlace } from "./host";

/** A Secret that is encrypted before it is committed. */
export interface SealedFile {
  /** The Secret as YAML, in clear. */
  readonly manifest: string;
  /** The age recipient it is encrypted to. */
  readonly recipient: string;
}

/** What a repository's resource is given, in clear. */
export interface RepositoryInputs {
  readonly access: GiteaAccess;
  readonly organisation: string;
  readonly repository: string;
  readonly purpose: string;
  readonly deployKeyTitle: string;
  readonly files: Readonly<Record<string, string>>;
  readonly sealedFiles: Readonly<Record<string, SealedFile>>;
  readonly isWatched?: boolean;
  readonly sealsTo?: readonly string[];
  /** The Receiver that is told of a push. */
  readonly receiver: { readonly namespace: string; readonly name: string };
}

/** What the state keeps of it: the files aren't among that, since they are the tenant's once written. */
export interface RepositoryOutputs extends Omit<RepositoryInputs, "files" | "sealedFiles"> {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly repositoryId: string;
  readonly webhookToken: string;
}

/** For a look that another run can take as well. */
const briefly: Patience = { total: 3000, request: 3000 };

/** Carries out `Repository` in the plugin for dynamic providers. */
export class RepositoryProvider implements dynamic.ResourceProvider<RepositoryInputs, RepositoryOutputs> {
  /** @param open Opens the Git host that an access names. */
  constructor(private readonly open: (access: GiteaAccess, patience?: Patience) => GitHost) {}

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
        olds.access.url !== news.access.url ||
        olds.access.username !== news.access.username ||
        olds.access.password !== news.access.password,
      replaces: isElsewhere ? ["organisation", "repository"] : [],
    };
  }

  /** Whether the repository isn't there any more, or another one is in its place. Where nobody answers, nothing is concluded. */
  private async isGone(known: RepositoryOutputs, sealsTo: unknown): Promise<boolean> {
    try {
      const host = this.open(known.access, briefly);
      const found = await host.repositoryId(known);
      // Not yet known in a preview in which the key itself changes.
      const expected = Array.isArray(sealsTo) ? (sealsTo as readonly string[]) : [];
      if (found !== undefined) await refuseOtherRecipient(host, known, expected);
      return found !== known.repositoryId;
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
    const { files, sealedFiles, ...kept } = inputs;
    const host = this.open(inputs.access);
    const { isEmpty, id } = await host.ensureRepository({
      ...inputs,
      description: `${ownMark} ${inputs.purpose}`,
    });
    if (isEmpty) {
      const sealed = await Promise.all(
        Object.entries(sealedFiles).map(
          async ([path, file]) => [path, await seal(file.manifest, file.recipient)] as const,
        ),
      );
      const contents = [...Object.entries(files), ...sealed].sort(([one], [other]) => (one < other ? -1 : 1));
      await host
        .commit(
          inputs,
          "Start with an example\n\nWritten once: from here on everything in this repository is yours.",
          contents.map(([path, content]) => ({ operation: "create", path, content })),
        )
        .catch((error: unknown) => {
          // Another run was first, or an earlier try whose answer was lost.
          if (!(error instanceof GitHostError && error.fault === "outdated")) throw error;
        });
    } else await refuseOtherRecipient(host, inputs, inputs.sealsTo ?? []);
    await host.ensureDeployKey(inputs, { title: inputs.deployKeyTitle, publicKey: key.publicKey });
    await host.ensureWebhook(inputs, { url: webhookUrl(webhookToken, inputs.receiver), token: webhookToken });
    return { ...kept, ...key, repositoryId: id, webhookToken };
  }
}

function makeToken(): string {
  return randomBytes(32).toString("hex");
}

const rules = ".sops.yaml";

/** What people seal by hand would be sealed to somebody else. */
async function refuseOtherRecipient(
  host: GitHost,
  place: RepositoryPlace,
  expected: readonly string[],
): Promise<void> {
  const [recipient] = expected;
  if (recipient === undefined) return;
  const text = (await host.readFile(place, rules))?.content ?? "";
  const named = recipientsWithin(text);
  if (named.length === 0 || named.some((each) => expected.includes(each))) return;
  throw new GitHostError(
    "refused",
    `${host.description}, repository ${place.organisation}/${place.repository}: its ${rules} names ${named.join(", ")}, expected ${recipient}; ` +
      `nothing was changed. If ${recipient} is the right key, correct that file and push it; else bring the key of ${named[0] ?? ""} back to its store`,
  );
}

/** What the plugin for dynamic providers loads. */
export const provider = new RepositoryProvider((access, patience) => new Gitea(access, patience));

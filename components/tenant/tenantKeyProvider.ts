import type { dynamic } from "@pulumi/pulumi";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { parse, stringify } from "yaml";

import { ageKeyField, tenantKeySecret } from "../flux/names";
import { CommitQueue } from "../git/commitQueue";
import { Gitea, type GiteaAccess } from "../git/giteaApi";
import { GitHostError, type GitHost, type RepositoryFile, type RepositoryPlace } from "../git/host";
import { seal } from "../sops";

/** What a tenant's key is given, in clear. */
export interface TenantKeyInputs {
  readonly access: GiteaAccess;
  /** The platform repository. */
  readonly organisation: string;
  readonly repository: string;
  readonly tenant: string;
  /** The namespace that the key's Secret belongs to. */
  readonly namespace: string;
  /** Who may decrypt the key. */
  readonly platformRecipient: string;
}

/** What the state keeps of it. The private key isn't among that. */
export interface TenantKeyOutputs extends TenantKeyInputs {
  readonly recipient: string;
}

/** The annotation that names a Secret's recipient in clear. SOPS signs it with the rest of the file. */
export const recipientAnnotation = "terp.dev/recipient";

/** Where a tenant's key lies in the platform repository, from where Flux applies it. */
export function keyPath(tenant: string): string {
  return `tenants/${tenant}/age.yaml`;
}

/** Where the key of a tenant that is gone lies: Flux doesn't look there, and a tenant of that name gets it back. */
export function retiredKeyPath(tenant: string): string {
  return `retired/${tenant}/age.yaml`;
}

/** Says why a run stops because of a tenant's key, and how to go on. */
export class TenantKeyError extends Error {
  constructor(tenant: string, message: string) {
    super(`age key of tenant "${tenant}": ${message}`);
    this.name = "TenantKeyError";
    this.stack = "";
  }
}

/** Encrypts a Secret's manifest to a recipient. */
export type Seal = (manifest: string, recipient: string) => Promise<string>;

/**
 * Carries out `TenantKey` in the plugin for dynamic providers: the key that is in the platform repository, or
 * a new one that is put there, encrypted to the platform's recipient. The private key is in this process' memory and in
 * the pipe to SOPS, and nowhere else.
 */
export class TenantKeyProvider implements dynamic.ResourceProvider<TenantKeyInputs, TenantKeyOutputs> {
  private readonly queues = new Map<string, CommitQueue>();

  /**
   * @param open Opens the Git host that an access names.
   * @param encrypt How a manifest is encrypted.
   */
  constructor(
    private readonly open: (access: GiteaAccess) => GitHost,
    private readonly encrypt: Seal = seal,
  ) {}

  async diff(_id: string, olds: TenantKeyOutputs, news: TenantKeyInputs): Promise<dynamic.DiffResult> {
    const isElsewhere = olds.tenant !== news.tenant;
    return Promise.resolve({
      changes:
        isElsewhere ||
        olds.organisation !== news.organisation ||
        olds.repository !== news.repository ||
        olds.namespace !== news.namespace ||
        olds.platformRecipient !== news.platformRecipient ||
        olds.access.url !== news.access.url ||
        olds.access.username !== news.access.username ||
        olds.access.password !== news.access.password,
      replaces: isElsewhere ? ["tenant"] : [],
    });
  }

  async create(inputs: TenantKeyInputs): Promise<dynamic.CreateResult<TenantKeyOutputs>> {
    return { id: inputs.tenant, outs: { ...inputs, recipient: await this.ensure(inputs) } };
  }

  async update(
    _id: string,
    olds: TenantKeyOutputs,
    news: TenantKeyInputs,
  ): Promise<dynamic.UpdateResult<TenantKeyOutputs>> {
    const recipient = await this.ensure(news);
    if (recipient !== olds.recipient) {
      throw new TenantKeyError(
        news.tenant,
        `the platform repository has the key of ${recipient}, the state has ${olds.recipient}; nothing was changed. ` +
          `Bring the file ${keyPath(news.tenant)} back from the repository's history, or, if ${recipient} is the right one, ` +
          `delete this resource from the state and run this again`,
      );
    }
    return { outs: { ...news, recipient } };
  }

  /** The key goes to where Flux doesn't look and a tenant of that name finds it again. */
  async delete(_id: string, props: TenantKeyOutputs): Promise<void> {
    const host = this.open(props.access);
    const path = keyPath(props.tenant);
    try {
      const file = await host.readFile(props, path);
      if (file === undefined) return;
      const retired = await host.readFile(props, retiredKeyPath(props.tenant));
      const queue = this.queue(host, props);
      if (retired === undefined) {
        await queue.add(`Keep the key of ${props.tenant}`, {
          operation: "create",
          path: retiredKeyPath(props.tenant),
          content: file.content,
        });
      }
      await queue.add(`Retire the key of ${props.tenant}`, {
        operation: "delete",
        path,
        version: file.version,
      });
    } catch (error) {
      // Without its cluster the Git host is gone too; its data isn't, and the key is in that.
      const isGone = error instanceof GitHostError && error.fault === "unreachable";
      if (isGone && process.env["PULUMI_K8S_DELETE_UNREACHABLE"] === "true") return;
      throw error;
    }
  }

  /** The recipient of the key in the platform repository, which is put there first where it is missing. */
  private async ensure(inputs: TenantKeyInputs): Promise<string> {
    const host = this.open(inputs.access);
    const path = keyPath(inputs.tenant);
    const found = await host.readFile(inputs, path);
    if (found !== undefined) return recipientIn(inputs, path, found);

    const retired = await host.readFile(inputs, retiredKeyPath(inputs.tenant));
    const content =
      retired === undefined
        ? await this.newKey(inputs)
        : (recipientIn(inputs, retiredKeyPath(inputs.tenant), retired), retired.content);
    try {
      await this.queue(host, inputs).add(
        retired === undefined ? `Add the key of ${inputs.tenant}` : `Bring back the key of ${inputs.tenant}`,
        { operation: "create", path, content },
      );
    } catch (error) {
      if (!(error instanceof GitHostError && error.fault === "outdated")) throw error;
      // Another run may have been first: then its key is the tenant's.
      const winner = await host.readFile(inputs, path);
      if (winner === undefined) throw error;
      return recipientIn(inputs, path, winner);
    }
    return recipientIn(inputs, path, { content, version: "" });
  }

  private async newKey(inputs: TenantKeyInputs): Promise<string> {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: tenantKeySecret,
        namespace: inputs.namespace,
        annotations: { [recipientAnnotation]: recipient },
      },
      stringData: { [ageKeyField]: `# public key: ${recipient}\n${identity}\n` },
    };
    return this.encrypt(stringify(secret), inputs.platformRecipient);
  }

  private queue(host: GitHost, place: RepositoryPlace): CommitQueue {
    const name = `${host.description} ${place.organisation}/${place.repository}`;
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const queue = new CommitQueue(host, place);
    this.queues.set(name, queue);
    return queue;
  }
}

interface SealedSecret {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly sops?: { readonly age?: readonly { readonly recipient?: string }[] };
}

function recipientIn(inputs: TenantKeyInputs, path: string, file: RepositoryFile): string {
  const secret = parse(file.content) as SealedSecret | null;
  const recipient = secret?.metadata?.annotations?.[recipientAnnotation];
  const readers = secret?.sops?.age?.map((one) => one.recipient) ?? [];
  if (recipient === undefined || readers.length === 0) {
    throw new TenantKeyError(
      inputs.tenant,
      `${path} in the platform repository isn't an encrypted key; nothing was changed. Bring it back from the repository's history`,
    );
  }
  if (!readers.includes(inputs.platformRecipient)) {
    throw new TenantKeyError(
      inputs.tenant,
      `${path} in the platform repository is encrypted to ${readers.join(", ")}, not to the platform's recipient ` +
        `${inputs.platformRecipient}; nothing was changed. Bring the platform's former key back to its store`,
    );
  }
  return recipient;
}

/** What the plugin for dynamic providers loads. */
export const provider = new TenantKeyProvider((access) => new Gitea(access));

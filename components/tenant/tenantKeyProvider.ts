import { isDeepStrictEqual } from "node:util";

import type { dynamic } from "@pulumi/pulumi";
import { stringify } from "yaml";

import { makeKeyPair } from "../../infra/keys/age";
import { type Generations, generations, relationOf, stemsFrom } from "../../infra/keys/generations";
import type { SecretStore, StoreReference } from "../../infra/keys/store";
import { openStoreOf } from "../../infra/keys/stores";
import { tenantKeySecret } from "../flux/names";
import { ageKeyData } from "../flux/sync";
import { CommitQueue } from "../git/commitQueue";
import type { GitAccess } from "../git/access";
import { GitHostError, isOutOfReach, type FileChange, type GitHost, type RepositoryPlace } from "../git/host";
import type { Patience } from "../git/hostClient";
import { openGitHost } from "../git/openHost";
import { seal } from "../sops";
import { retireKey } from "./retirement";
import {
  lostEverywhere,
  notSealed,
  otherReaders,
  otherThanKnown,
  TenantKeyError,
  twoKeys,
} from "./tenantKeyFaults";
import {
  keyPath,
  recipientAnnotation,
  retiredKeyPath,
  sealedKeyIn,
  sealedKeys,
  storedName,
  type SealedKey,
} from "./sealedKey";
import { decisive, type TenantKeyInputs, type TenantKeyOutputs } from "./tenantKeyInputs";

/** Opens what a tenant's key is kept in. */
export interface TenantKeyPlaces {
  /** The Git host that an access names. */
  readonly host: (access: GitAccess, patience?: Patience) => GitHost;
  /** The platform's store, for sealed keys. */
  readonly store: (reference: StoreReference) => SecretStore<SealedKey>;
}

/** Encrypts a Secret's manifest to a recipient. */
export type Seal = (manifest: string, recipient: string) => Promise<string>;

/**
 * Carries out `TenantKey` in the plugin for dynamic providers: the key that is in the platform repository or has its copy in
 * the store, or a new one that is put into both, sealed to the platform's recipient. The private key is in this process'
 * memory and in the pipe to SOPS, and nowhere else.
 */
export class TenantKeyProvider implements dynamic.ResourceProvider<TenantKeyInputs, TenantKeyOutputs> {
  private readonly queues = new Map<string, CommitQueue>();

  /**
   * @param places Opens the Git host and the store.
   * @param encrypt How a manifest is encrypted.
   */
  constructor(
    private readonly places: TenantKeyPlaces,
    private readonly encrypt: Seal = seal,
  ) {}

  async diff(_id: string, olds: TenantKeyOutputs, news: TenantKeyInputs): Promise<dynamic.DiffResult> {
    const isElsewhere = olds.tenant !== news.tenant;
    return Promise.resolve({
      changes: isElsewhere || !isDeepStrictEqual(decisive(olds), decisive(news)),
      replaces: isElsewhere ? ["tenant"] : [],
    });
  }

  async create(inputs: TenantKeyInputs): Promise<dynamic.CreateResult<TenantKeyOutputs>> {
    const { recipient } = await this.ensure(inputs);
    return { id: inputs.tenant, outs: { ...inputs, recipient } };
  }

  async update(
    _id: string,
    olds: TenantKeyOutputs,
    news: TenantKeyInputs,
  ): Promise<dynamic.UpdateResult<TenantKeyOutputs>> {
    const { recipient } = await this.ensure(news, olds.recipient);
    return { outs: { ...news, recipient } };
  }

  /** Takes over a key that has taken the place of the known one. Where nobody answers, nothing is concluded. */
  async read(id: string, props?: TenantKeyOutputs): Promise<dynamic.ReadResult<TenantKeyOutputs>> {
    if (props?.access === undefined) {
      throw new TenantKeyError(
        id,
        "there is nothing in the state to read it with; let `up` create it, it takes over what exists",
      );
    }
    try {
      const host = this.places.host(props.access, { total: 3000, request: 3000 });
      const file = await host.readFile(props, keyPath(props.tenant));
      // As if it were another repository: the next update puts it back.
      if (file === undefined) return { id, props: { ...props, repositoryId: "" } };
      const found = this.sealed(props, keyPath(props.tenant), file.content);
      return {
        id,
        props: stemsFrom(generations(found), props.recipient)
          ? { ...props, recipient: found.recipient }
          : props,
      };
    } catch (error) {
      if (isOutOfReach(error)) return { id, props };
      throw error;
    }
  }

  /** The key goes to where Flux doesn't look and a tenant of that name finds it again. Its copy stays in the store. */
  async delete(_id: string, props: TenantKeyOutputs): Promise<void> {
    const host = this.places.host(props.access);
    try {
      await retireKey(props.tenant, { host, place: props, queue: this.queue(host, props) });
    } catch (error) {
      // Without its cluster the Git host is gone too; its data isn't, and the key is in that.
      const isGone = error instanceof GitHostError && error.fault === "unreachable";
      if (isGone && process.env["PULUMI_K8S_DELETE_UNREACHABLE"] === "true") return;
      throw error;
    }
  }

  /**
   * The key, which the platform repository and the store both have afterwards: the one that either has, the newer of two
   * generations, or a new one.
   *
   * @param known the recipient in the state.
   */
  private async ensure(inputs: TenantKeyInputs, known = ""): Promise<Generations> {
    const host = this.places.host(inputs.access);
    const store = this.places.store(inputs.store);
    const path = keyPath(inputs.tenant);
    const file = await host.readFile(inputs, path);
    const kept = await store.get(storedName(inputs.tenant));
    if (kept !== undefined) this.refuseOtherReaders(inputs, store.describe(), kept);
    if (file !== undefined) {
      const found = this.sealed(inputs, path, file.content);
      const key = await this.agree(inputs, found, kept);
      this.refuseStranger(inputs, key, known);
      if (key !== found) await this.commit(inputs, { operation: "update", path, version: file.version }, key);
      return generations(key);
    }

    const retired = await host.readFile(inputs, retiredKeyPath(inputs.tenant));
    const found =
      retired === undefined ? undefined : this.sealed(inputs, retiredKeyPath(inputs.tenant), retired.content);
    let key = found === undefined ? kept : await this.agree(inputs, found, kept);
    if (key === undefined) {
      if (known !== "") throw lostEverywhere(inputs.tenant, { known, store });
      // The store's answer counts, not what was made here: another run may have been first.
      key = await store.putIfAbsent(storedName(inputs.tenant), await this.newKey(inputs));
    }
    this.refuseStranger(inputs, key, known);
    try {
      await this.commit(inputs, { operation: "create", path }, key);
    } catch (error) {
      if (!(error instanceof GitHostError && error.fault === "outdated")) throw error;
      // Another run may have been first; both took the key from the store.
      const winner = await host.readFile(inputs, path);
      if (winner === undefined) throw error;
      this.refuseStranger(inputs, this.sealed(inputs, path, winner.content), key.recipient);
    }
    return generations(key);
  }

  /** The newer of the repository's key and the store's, which the store has afterwards. */
  private async agree(
    inputs: TenantKeyInputs,
    found: SealedKey,
    kept: SealedKey | undefined,
  ): Promise<SealedKey> {
    const store = this.places.store(inputs.store);
    const name = storedName(inputs.tenant);
    if (kept === undefined) return await store.putIfAbsent(name, found);
    switch (relationOf(generations(found), generations(kept))) {
      case "same":
        // Sealed anew, to a platform's key that took another's place.
        if (found.text !== kept.text && found.readers.includes(inputs.platformRecipient))
          await store.replace(name, found, kept.recipient);
        return found;
      case "successor":
        await store.replace(name, found, kept.recipient);
        return found;
      case "predecessor":
        return kept;
      default:
        throw twoKeys(inputs.tenant, {
          found: found.recipient,
          kept: kept.recipient,
          path: keyPath(inputs.tenant),
          name,
          store,
        });
    }
  }

  private async commit(
    inputs: TenantKeyInputs,
    change:
      | { readonly operation: "create"; readonly path: string }
      | { readonly operation: "update"; readonly path: string; readonly version: string },
    key: SealedKey,
  ): Promise<void> {
    const host = this.places.host(inputs.access);
    const whole: FileChange = { ...change, content: key.text };
    await this.queue(host, inputs).add(`Add the key of ${inputs.tenant}`, whole);
  }

  private async newKey(inputs: TenantKeyInputs): Promise<SealedKey> {
    const key = await makeKeyPair();
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: tenantKeySecret,
        namespace: inputs.namespace,
        annotations: { [recipientAnnotation]: key.recipient },
      },
      stringData: ageKeyData(key),
    };
    const text = await this.encrypt(stringify(secret), inputs.platformRecipient);
    return this.sealed(inputs, "what SOPS made", text);
  }

  /** @throws if the text isn't a sealed key, or not one for this platform. */
  private sealed(inputs: TenantKeyInputs, path: string, text: string): SealedKey {
    const key = sealedKeyIn(text);
    if (key === undefined) {
      throw notSealed(inputs.tenant, path);
    }
    this.refuseOtherReaders(inputs, `${path} in the platform repository`, key);
    return key;
  }

  private refuseOtherReaders(inputs: TenantKeyInputs, where: string, key: SealedKey): void {
    const allowed = [inputs.platformRecipient, ...inputs.platformFormer];
    if (key.readers.some((reader) => allowed.includes(reader))) return;
    throw otherReaders(inputs.tenant, { where, readers: key.readers, expected: inputs.platformRecipient });
  }

  private refuseStranger(inputs: TenantKeyInputs, found: SealedKey, known: string): void {
    if (known === "" || stemsFrom(generations(found), known)) return;
    throw otherThanKnown(inputs.tenant, { found: found.recipient, known, path: keyPath(inputs.tenant) });
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

/** What the plugin for dynamic providers loads. */
export const provider = new TenantKeyProvider({
  host: openGitHost,
  store: (reference) => openStoreOf(sealedKeys, reference),
});

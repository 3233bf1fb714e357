import { randomUUID } from "node:crypto";
import { messageOf } from "../fault";
import type { Form, Kept } from "./form";
import {
  type ConnectionOptions,
  type KeyVaultLimits,
  usualLimits,
  Vault,
  VaultSecret,
} from "./keyVaultClient";
import { KeyVaultFault, operations } from "./keyVaultFaults";
import { disabledText, findingsIn, otherStackText, setAsideText, untaggedText } from "./keyVaultHealth";
import {
  type SecretVersion,
  areSame,
  countedIn,
  lostBy,
  olderThan,
  tagNames,
  tagsFor,
  winnerOf,
} from "./keyVaultVersions";
import { Patience } from "./patience";
import {
  type KeyVaultStoreReference,
  type SecretStore,
  type StoreFinding,
  type StoredKey,
  checkKeyName,
  isVaultUrl,
} from "./store";

/**
 * Keys in a vault of Azure Key Vault, one secret each.
 *
 * Key Vault can't refuse a write because somebody else was first: each write adds a version. So the oldest enabled version
 * is the key, and all others count for nothing. A version's time and id never change, so everybody who sees the same
 * versions names the same one; the oldest has no older one beside it, so its writer never takes it for lost. A write is
 * looked at after {@link KeyVaultLimits.settle}, when no other version can get the same second any more, and again until
 * two listings in a row are the same and show what was written: listings may lag behind. If one lags longer still, two
 * runs may each have taken their own key; later runs all find the oldest, and the one whose state has the other stops.
 *
 * No version is ever deleted. One that lost is disabled by the call that wrote it, after the winner was read and found
 * whole. Who is killed before that leaves an enabled version that counts for nothing.
 */
export class KeyVaultStore<T extends Kept> implements SecretStore<T> {
  private readonly limits: KeyVaultLimits;
  private readonly vault: Vault;
  /** The vault's name, for commands. */
  private readonly vaultName: string;

  /**
   * Touches nothing yet.
   *
   * @param reference Which vault, and whose keys.
   * @param form How a key is written down.
   * @param options Other limits than the usual ones, and another way to connect.
   * @throws if the URL isn't a vault's: it gets a token that is good for every vault.
   */
  constructor(
    private readonly reference: KeyVaultStoreReference,
    private readonly form: Form<T>,
    options: {
      readonly limits?: Partial<KeyVaultLimits>;
      readonly connection?: ConnectionOptions;
    } = {},
  ) {
    if (!isVaultUrl(reference.url)) {
      throw new Error(
        `key store: got the URL ${JSON.stringify(reference.url)}, expected a vault's; write for example "https://terp-dev.vault.azure.net"`,
      );
    }
    this.limits = { ...usualLimits, ...options.limits };
    this.vault = new Vault(reference.url.replace(/\/$/, ""), this.limits, options.connection ?? {});
    this.vaultName = new URL(reference.url).hostname.split(".")[0] ?? "";
  }

  async get(name: string): Promise<T | undefined> {
    return await this.within(this.limits.change, name, async (secret, patience) => {
      const winner = await this.foundOrRecovered(name, secret, patience);
      return winner === undefined ? undefined : await this.read(name, { secret, winner, patience });
    });
  }

  async inspect(name: string): Promise<StoredKey | undefined> {
    return await this.within(this.limits.read, name, async (secret, patience) => {
      const winner = this.winner(name, await secret.versions(patience));
      if (winner !== undefined) return { isDeleted: false, ...this.tagged(name, winner) };
      return (await secret.deleted(patience)) === undefined ? undefined : { isDeleted: true };
    });
  }

  async putIfAbsent(name: string, key: T): Promise<T> {
    return await this.within(this.limits.change, name, async (secret, patience) => {
      const write = randomUUID();
      const tags = tagsFor(key, { stack: this.reference.stack, write });
      for (;;) {
        const winner = await this.foundOrRecovered(name, secret, patience);
        if (winner !== undefined) return await this.read(name, { secret, winner, patience });
        try {
          await secret.write(this.form.format(key), tags, patience);
          break;
        } catch (error) {
          // Somebody deletes or recovers it; the next look tells what came of that.
          if (!(error instanceof KeyVaultFault) || !["busy", "deleted"].includes(error.kind)) throw error;
          await patience.pause(this.limits.pause).catch(() => {
            throw error;
          });
        }
      }
      const versions = await this.settled(secret, patience, (each) =>
        each.some(({ tags: given }) => given[tagNames.write] === write),
      );
      const winner = this.winner(name, versions);
      if (winner === undefined) throw this.error(name, disabledText(versions, this.place(name)));
      const kept = await this.read(name, { secret, winner, patience });
      for (const lost of lostBy(write, versions)) {
        // It counts for nothing either way, and the key is safe: no reason to end the run.
        await secret.disable(lost, patience).catch(() => undefined);
      }
      return kept;
    });
  }

  async replace(name: string, key: T, instead: string): Promise<void> {
    await this.within(this.limits.change, name, async (secret, patience) => {
      const before = await this.foundOrRecovered(name, secret, patience);
      const found =
        before === undefined ? undefined : await this.read(name, { secret, winner: before, patience });
      if (found !== undefined && this.form.format(found) === this.form.format(key)) return;
      if (found?.recipient !== instead) {
        const given = found === undefined ? "no key" : `the key of ${found.recipient}`;
        throw this.error(name, `got ${given}, expected that of ${instead}; nothing was changed`);
      }
      // Not in the same second as the other: the older of the two counts.
      await patience.pause(this.limits.settle);
      const write = randomUUID();
      await secret.write(
        this.form.format(key),
        tagsFor(key, { stack: this.reference.stack, write }),
        patience,
      );
      const versions = await this.settled(secret, patience, (each) =>
        each.some(({ tags }) => tags[tagNames.write] === write),
      );
      // Until the last of them is disabled the old key counts, and this can be done again.
      for (const older of olderThan(write, versions)) await secret.disable(older, patience);
      const now = this.winner(name, await secret.versions(patience));
      if (now?.tags[tagNames.write] !== write)
        throw this.error(name, "another run put its own key there meanwhile; type the same command again");
    });
  }

  /** Reads the key's value, and writes nothing: whether it may write can't be told so. */
  async health(name: string): Promise<readonly StoreFinding[]> {
    const fault = (text: string): StoreFinding => ({ severity: "fault", text });
    try {
      return await this.within(this.limits.read, name, async (secret, patience) => {
        const versions = countedIn(await secret.versions(patience));
        if (versions.length === 0) {
          const deleted = await secret.deleted(patience);
          const gone = deleted?.goneOn?.toISOString().slice(0, 10);
          const state =
            deleted === undefined
              ? "it isn't there; the next `up` puts the key back if the state has it"
              : `it is deleted${gone === undefined ? "" : `, and gone for good on ${gone}`}; the next \`up\` recovers it`;
          return [fault(`${this.where(name)}: ${state}`)];
        }
        const findings = findingsIn(versions, {
          ...this.place(name),
          where: this.where(name),
          now: new Date(),
        });
        const winner = winnerOf(versions);
        if (winner === undefined) return findings;
        try {
          this.winner(name, versions);
          this.tagged(name, winner);
          await this.read(name, { secret, winner, patience });
        } catch (error) {
          return [fault(messageOf(error)), ...findings];
        }
        return findings;
      });
    } catch (error) {
      return [fault(messageOf(error))];
    }
  }

  howToSetAside(name: string): string {
    return setAsideText(this.place(name));
  }

  describe(): string {
    return `Azure Key Vault ${this.vault.url}`;
  }

  /** The version that counts, after a deleted secret was recovered. */
  private async foundOrRecovered(
    name: string,
    secret: VaultSecret,
    patience: Patience,
  ): Promise<SecretVersion | undefined> {
    const found = this.winner(name, await secret.versions(patience));
    if (found !== undefined || (await secret.deleted(patience)) === undefined) return found;
    await secret.recover(patience);
    return this.winner(name, await this.settled(secret, patience, (each) => each.length > 0));
  }

  /** The versions, once two listings in a row show the same and what is waited for. */
  private async settled(
    secret: VaultSecret,
    patience: Patience,
    isThere: (versions: readonly SecretVersion[]) => boolean,
  ): Promise<readonly SecretVersion[]> {
    let before: readonly SecretVersion[] | undefined;
    for (;;) {
      await patience.pause(this.limits.settle);
      const versions = await secret.versions(patience);
      if (before !== undefined && areSame(before, versions) && isThere(versions)) return versions;
      before = versions;
    }
  }

  /** @throws where versions are there and none counts, or where the one that does is another stack's. */
  private winner(name: string, versions: readonly SecretVersion[]): SecretVersion | undefined {
    const winner = winnerOf(versions);
    const counted = countedIn(versions);
    if (winner === undefined && counted.length > 0)
      throw this.error(name, disabledText(counted, this.place(name)));
    const owner = winner?.tags[tagNames.stack];
    const { stack } = this.reference;
    if (winner === undefined || owner === undefined || stack === undefined || owner === stack) return winner;
    throw this.error(name, otherStackText(winner, { ...this.place(name), owner, stack }));
  }

  private tagged(
    name: string,
    { id, tags }: SecretVersion,
  ): { recipient: string; former?: readonly string[] } {
    const recipient = tags[tagNames.recipient];
    if (recipient === undefined) throw this.error(name, untaggedText({ id }, this.place(name)));
    const former = tags[tagNames.former];
    return { recipient, ...(former === undefined ? {} : { former: former.split(" ") }) };
  }

  private async read(
    name: string,
    {
      secret,
      winner,
      patience,
    }: { readonly secret: VaultSecret; readonly winner: SecretVersion; readonly patience: Patience },
  ): Promise<T> {
    const text = await secret.value(winner.id, patience);
    const key = await this.form.parse(text).catch((error: unknown) => {
      throw this.error(name, `version ${winner.id}: ${messageOf(error)}`);
    });
    const tagged = winner.tags[tagNames.recipient] ?? key.recipient;
    if (tagged !== key.recipient) {
      throw this.error(
        name,
        `version ${winner.id} has the key of ${key.recipient}, but its tag ${tagNames.recipient} says ${tagged}; nothing was changed. ` +
          `Find out which is right; correct the tag, or disable the version and bring the right key back`,
      );
    }
    return key;
  }

  private async within<T>(
    limit: number,
    name: string,
    work: (secret: VaultSecret, patience: Patience) => Promise<T>,
  ): Promise<T> {
    checkKeyName(name);
    const secret = new VaultSecret(this.vault, name, this.form.contentType);
    const patience = new Patience(limit);
    try {
      return await work(secret, patience);
    } catch (error) {
      // Between two requests: what is waited for there is a listing.
      if (patience.isOver && !(error instanceof KeyVaultFault))
        throw secret.faultFrom(error, operations.settle, patience);
      throw error;
    } finally {
      patience.end();
    }
  }

  private place = (secret: string) => ({ vault: this.vaultName, secret });

  private where(name: string): string {
    return `${this.describe()}, secret "${name}"`;
  }

  private error(name: string, text: string): Error {
    return new Error(`${this.where(name)}: ${text}`);
  }
}

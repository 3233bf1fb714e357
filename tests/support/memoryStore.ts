import type { AgeKeyPair } from "../../infra/keys/age";
import type { Kept } from "../../infra/keys/form";
import type { SecretStore, StoreFinding, StoredKey } from "../../infra/keys/store";

/** A store that forgets, and notes what was asked of it. */
export class MemoryStore<T extends Kept = AgeKeyPair> implements SecretStore<T> {
  readonly keys = new Map<string, T>();
  readonly asked: string[] = [];
  /** Whether its keys count as deleted until they are got or put. */
  isDeleted = false;
  /** Runs before a key is put, e.g. to let another run be first. */
  beforePut: () => Promise<void> = () => Promise.resolve();

  get(name: string): Promise<T | undefined> {
    this.asked.push("get");
    this.isDeleted = false;
    return Promise.resolve(this.keys.get(name));
  }

  inspect(name: string): Promise<StoredKey | undefined> {
    this.asked.push("inspect");
    const key = this.keys.get(name);
    if (key === undefined) return Promise.resolve(undefined);
    if (this.isDeleted) return Promise.resolve({ isDeleted: true });
    const former = key.former?.map(({ recipient }) => recipient);
    return Promise.resolve({
      isDeleted: false,
      recipient: key.recipient,
      ...(former === undefined ? {} : { former }),
    });
  }

  async putIfAbsent(name: string, key: T): Promise<T> {
    this.asked.push("putIfAbsent");
    await this.beforePut();
    this.isDeleted = false;
    const winner = this.keys.get(name) ?? key;
    this.keys.set(name, winner);
    return winner;
  }

  replace(name: string, key: T, instead: string): Promise<void> {
    this.asked.push("replace");
    if (this.keys.get(name)?.recipient !== instead) throw new Error(`expected ${instead}`);
    this.keys.set(name, key);
    return Promise.resolve();
  }

  health(): Promise<readonly StoreFinding[]> {
    return Promise.resolve([]);
  }

  howToSetAside(name: string): string {
    return `forget ${name}`;
  }

  describe(): string {
    return "the test's store";
  }
}

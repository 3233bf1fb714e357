import type { AgeKeyPair } from "../../infra/keys/age";
import type { SecretStore, StoreFinding, StoredKey } from "../../infra/keys/store";

/** A store that forgets, and notes what was asked of it. */
export class MemoryStore implements SecretStore {
  readonly keys = new Map<string, AgeKeyPair>();
  readonly asked: string[] = [];
  /** Whether its keys count as deleted until they are got or put. */
  isDeleted = false;
  /** Runs before a key is put, e.g. to let another run be first. */
  beforePut: () => Promise<void> = () => Promise.resolve();

  get(name: string): Promise<AgeKeyPair | undefined> {
    this.asked.push("get");
    this.isDeleted = false;
    return Promise.resolve(this.keys.get(name));
  }

  inspect(name: string): Promise<StoredKey | undefined> {
    this.asked.push("inspect");
    const recipient = this.keys.get(name)?.recipient;
    if (recipient === undefined) return Promise.resolve(undefined);
    return Promise.resolve(this.isDeleted ? { isDeleted: true } : { isDeleted: false, recipient });
  }

  async putIfAbsent(name: string, key: AgeKeyPair): Promise<AgeKeyPair> {
    this.asked.push("putIfAbsent");
    await this.beforePut();
    this.isDeleted = false;
    const winner = this.keys.get(name) ?? key;
    this.keys.set(name, winner);
    return winner;
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

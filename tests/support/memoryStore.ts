import type { AgeKeyPair } from "../../infra/keys/age";
import type { SecretStore } from "../../infra/keys/store";

/** A store that forgets, and notes what was asked of it. */
export class MemoryStore implements SecretStore {
  readonly keys = new Map<string, AgeKeyPair>();
  readonly asked: string[] = [];
  /** Runs before a key is put, e.g. to let another run be first. */
  beforePut: () => Promise<void> = () => Promise.resolve();

  get(name: string): Promise<AgeKeyPair | undefined> {
    this.asked.push("get");
    return Promise.resolve(this.keys.get(name));
  }

  inspect(name: string): Promise<string | undefined> {
    this.asked.push("inspect");
    return Promise.resolve(this.keys.get(name)?.recipient);
  }

  async putIfAbsent(name: string, key: AgeKeyPair): Promise<AgeKeyPair> {
    this.asked.push("putIfAbsent");
    await this.beforePut();
    const winner = this.keys.get(name) ?? key;
    this.keys.set(name, winner);
    return winner;
  }

  describe(): string {
    return "the test's store";
  }
}

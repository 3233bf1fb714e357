import { GitHostError, type FileChange, type GitHost, type RepositoryPlace } from "./host";

interface Waiting {
  readonly message: string;
  readonly change: FileChange;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Puts changes to one repository one after another, and those that come up meanwhile into one commit: a host takes
 * one commit at a time, and fifty tenants added in one run need not be fifty commits.
 */
export class CommitQueue {
  private waiting: Waiting[] = [];
  private isRunning = false;

  /**
   * @param host Where the repository is.
   * @param place Which repository.
   * @param gather Milliseconds to wait for others before the first commit.
   */
  constructor(
    private readonly host: GitHost,
    private readonly place: RepositoryPlace,
    private readonly gather = 25,
  ) {}

  /**
   * Commits a change, alone or with others.
   *
   * @throws what the host said of this change: one that is refused doesn't keep others from being committed.
   */
  async add(message: string, change: FileChange): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ message, change, done, failed });
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    await new Promise((resolve) => setTimeout(resolve, this.gather));
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      await this.commit(batch);
    }
    this.isRunning = false;
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    const [first, ...others] = batch;
    if (first === undefined) return;
    const message = others.length === 0 ? first.message : batch.map((one) => one.message).join("\n");
    try {
      await this.host.commit(
        this.place,
        message,
        batch.map((one) => one.change),
      );
      for (const one of batch) one.done();
    } catch (error) {
      if (others.length === 0 || (error instanceof GitHostError && error.fault === "unreachable")) {
        for (const one of batch) one.failed(error);
        return;
      }
      // One of them spoilt it for the rest.
      for (const one of batch) await this.commit([one]);
    }
  }
}

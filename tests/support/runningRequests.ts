import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../infra/fault";

/** What requests came to. */
export interface RequestCount {
  readonly sent: number;
  /** What those that failed said. */
  readonly failures: readonly string[];
}

/** Requests one after the other, ten in a second, while something else happens. */
export class RunningRequests {
  private isRunning = true;
  private sent = 0;
  private readonly failures: string[] = [];
  private readonly ended: Promise<void>;

  constructor(private readonly request: () => Promise<unknown>) {
    this.ended = this.run();
  }

  /** Sends no more, and says what became of those that were sent. */
  async stop(): Promise<RequestCount> {
    this.isRunning = false;
    await this.ended;
    return { sent: this.sent, failures: this.failures };
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      this.sent += 1;
      await this.request().catch((error: unknown) => this.failures.push(messageOf(error)));
      await sleep(100);
    }
  }
}

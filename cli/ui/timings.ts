import type { Progress } from "../../local/progress";

/** How long a phase took, in milliseconds. */
export interface Timing {
  readonly title: string;
  readonly milliseconds: number;
}

/** A progress that also remembers how long its phases took, for the summary. */
export class TimedProgress implements Progress {
  public readonly timings: Timing[] = [];

  public constructor(
    private readonly inner: Progress,
    private readonly now: () => number = Date.now,
  ) {}

  public note(text: string): void {
    this.inner.note(text);
  }

  public step<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
    return this.inner.step(title, work);
  }

  /** A step whose time is remembered, also when it fails. */
  public async phase<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
    const start = this.now();
    try {
      return await this.inner.step(title, work);
    } finally {
      this.timings.push({ title, milliseconds: this.now() - start });
    }
  }
}

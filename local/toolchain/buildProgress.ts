/** How far a build is, from what `go build -v` says as it goes. */
export class BuildProgress {
  private compiled = 0;
  private downloaded = 0;
  private readonly last: string[] = [];

  /** @param stale how many packages are to be compiled, if that is known. */
  constructor(private stale?: number) {}

  /** Says how many packages are to be compiled. */
  expect(stale: number): void {
    this.stale = stale;
  }

  /**
   * Takes a line of standard error.
   *
   * @returns what to tell a person, or nothing if the line is no progress.
   */
  line(text: string): string | undefined {
    if (text.startsWith("go: downloading ")) {
      this.downloaded += 1;
      return `fetching modules (${String(this.downloaded)})`;
    }
    if (/^[\w./~+-]+$/.test(text)) {
      this.compiled += 1;
      if (this.stale === undefined) return `${String(this.compiled)} packages`;
      if (this.compiled >= this.stale) return "linking";
      return `${String(this.compiled)} of ${String(this.stale)} packages`;
    }
    this.last.push(text);
    if (this.last.length > 30) this.last.shift();
    return undefined;
  }

  /** The last lines that were no progress: what is wrong, when something is. */
  complaint(): string {
    return this.last.join("\n");
  }
}

/** A failure that the official plugins show twice: as a message beside the resource and as the operation's error. */
export class DiagnosticError extends Error {
  /**
   * @param summary what failed
   * @param detail why
   */
  public constructor(
    private readonly summary: string,
    private readonly detail: string,
  ) {
    super(`${summary}: ${detail}`);
    this.name = "DiagnosticError";
  }

  /** The message to show beside the resource. */
  public get shown(): string {
    return `[ERROR] ${this.detail}: ${this.summary}`;
  }
}

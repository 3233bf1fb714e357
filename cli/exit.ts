/** What `terp` ends with, so that scripts can tell what happened. Part of the command's contract: `terp --help` lists it. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  prerequisites: 3,
  notReady: 4,
  differs: 5,
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Something a person can mend: shown without a stack trace, ends the command with `code`. */
export class CommandError extends Error {
  /**
   * @param message where, what was found, what was expected, what to type next.
   * @param code what the command ends with. Default: failed.
   */
  public constructor(
    message: string,
    public readonly code: ExitCode = exitCodes.failed,
  ) {
    super(message);
    this.name = "CommandError";
  }
}

/** The command was stopped by the person (Ctrl-C) or by SIGTERM. */
export class Interrupted extends CommandError {
  /** @param next what to type to go on. */
  public constructor(next: string) {
    super(`Interrupted. Nothing is lost: ${next}`, exitCodes.interrupted);
    this.name = "Interrupted";
  }
}

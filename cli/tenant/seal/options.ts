import { CommandError, exitCodes } from "../../exit";
import { describeFaults } from "../../../infra/fault";
import { recipientFault } from "./recipient";

/** Options of `terp seal`. */
export interface SealOptions {
  readonly stack: string;
  readonly json?: boolean;
  /** Only look. */
  readonly check?: boolean;
  /** Where the one file goes. */
  readonly output?: string;
  readonly recipient?: string;
  /** The tenant whose recipient it has to be, by the stack's state. */
  readonly tenant?: string;
}

/**
 * What was typed, if it makes sense.
 *
 * @param files What was typed beside options.
 * @returns the files; for a check without any, the folder one is in.
 * @throws CommandError with what doesn't go together.
 */
export function checkedFiles(files: readonly string[], options: SealOptions): readonly string[] {
  const wrong =
    options.recipient === undefined ? undefined : recipientFault("--recipient", options.recipient);
  if (wrong !== undefined) throw new CommandError(describeFaults([wrong]), exitCodes.usage);
  const refuse = (message: string): never => {
    throw new CommandError(message, exitCodes.usage);
  };
  const readsInput = files.includes("-");
  if (options.check === true) {
    if (options.output !== undefined) refuse("--output: a check writes nothing; leave out one of the two");
    if (readsInput) refuse("-: a check looks at files and folders; name them");
    return files.length === 0 ? ["."] : files;
  }
  if (files.length === 0) {
    refuse(
      "terp seal: got no file, expected one or more, or - for standard input; for example `terp seal secret.yaml`",
    );
  }
  if (files.length > 1 && options.output !== undefined) {
    refuse(
      `--output: got ${String(files.length)} files, expected one; without it each is sealed in its place`,
    );
  }
  if (files.length > 1 && readsInput) refuse("-: got other files too, expected - alone");
  if (readsInput && options.output === undefined && options.json === true) {
    refuse("--json: standard output is the sealed Secret's; say with --output where that goes");
  }
  return files;
}

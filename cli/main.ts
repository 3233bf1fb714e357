import { CommanderError } from "commander";
import { messageOf } from "../infra/fault";
import { CommandError, exitCodes } from "./exit";
import { program } from "./program";

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof CommandError) return error.code;
  return exitCodes.failed;
}

function explain(error: unknown): void {
  if (error instanceof CommanderError) return; // commander has said it
  const message = messageOf(error);
  process.stderr.write(`\n${message}\n`);
  if (!(error instanceof CommandError) && process.env["TERP_DEBUG"] === "1" && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ""}\n`);
  }
}

// Whoever reads may have read enough (`terp status | head -1`): what was begun is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

program()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    explain(error);
    process.exitCode = codeOf(error);
  });

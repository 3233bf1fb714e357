import { performDrill } from "../drill/perform";
import { renderDrill } from "../drill/report";
import { exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";
import { coloursFor } from "../ui/colour";
import { progressFor } from "../ui/terminal";
import { TimedProgress } from "../ui/timings";

/** Options of `terp drill`. */
export interface DrillOptions {
  readonly stack: string;
  readonly json?: boolean;
  /** The Git host's data folder. */
  readonly gitData?: string;
}

/** Rehearses a recovery beside the running platform, and says what came up as it was. Ends with 1 if something didn't. */
export async function drill(options: DrillOptions): Promise<void> {
  const interruption = listenForInterrupt(`\`terp drill --stack ${options.stack}\` begins anew.`);
  try {
    const { report, file } = await performDrill({
      stack: options.stack,
      progress: new TimedProgress(progressFor()),
      signal: interruption.signal,
      ...(options.gitData === undefined ? {} : { gitFolder: options.gitData }),
    });
    const text =
      options.json === true
        ? JSON.stringify({ ...report, file }, undefined, 2)
        : renderDrill(report, file, coloursFor(process.stdout)).join("\n");
    process.stdout.write(`${text}\n`);
    if (report.verdict === "failed") process.exitCode = exitCodes.failed;
  } finally {
    interruption.release();
  }
}

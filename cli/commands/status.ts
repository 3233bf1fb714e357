import { exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";
import { inspectStack } from "../status/inspect";
import { renderReport } from "../status/report";
import { coloursFor } from "../ui/colour";

/** Options of `terp status`. */
export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Shows how cluster, services and tenants are. Ends with 4 when something isn't ready. */
export async function status(options: StatusOptions): Promise<void> {
  const interruption = listenForInterrupt("`terp status` only looks.");
  try {
    const report = await inspectStack(options.stack, interruption.signal);
    const text =
      options.json === true
        ? JSON.stringify(report, undefined, 2)
        : renderReport(report, coloursFor(process.stdout), Date.now()).join("\n");
    process.stdout.write(`${text}\n`);
    if (!report.ready) process.exitCode = exitCodes.notReady;
  } finally {
    interruption.release();
  }
}

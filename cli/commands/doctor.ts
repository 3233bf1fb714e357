import { examine } from "../doctor/examine";
import { renderDiagnosis } from "../doctor/finding";
import { exitCodes } from "../exit";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { coloursFor } from "../ui/colour";
import { progressFor } from "../ui/terminal";

/** Options of `terp doctor`. */
export interface DoctorOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Names what would fail in a disaster. Ends with 1 if there is a fault. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const interruption = listenForInterrupt("`terp doctor` only looks.");
  try {
    const { signal } = interruption;
    const diagnosis = await orInterrupted(
      signal,
      examine(options.stack, { progress: progressFor(), signal }),
    );
    const text =
      options.json === true
        ? JSON.stringify(diagnosis, undefined, 2)
        : renderDiagnosis(diagnosis, coloursFor(process.stdout)).join("\n");
    process.stdout.write(`${text}\n`);
    if (!diagnosis.healthy) process.exitCode = exitCodes.failed;
  } finally {
    interruption.release();
  }
}

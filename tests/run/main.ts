import { findFaults, listFaults, prepareMachine } from "../../cli/engine/preparation";
import { exitCodes } from "../../cli/exit";
import { coloursFor } from "../../cli/ui/colour";
import { table } from "../../cli/ui/table";
import { progressFor } from "../../cli/ui/terminal";
import { duration, type Progress } from "../../local/progress";
import { chooseParts, type Part } from "./parts";
import { oneCheck, total, type PartResult } from "./result";

const colours = coloursFor(process.stdout);

async function runPart(part: Part, progress: Progress): Promise<PartResult> {
  const result = await progress
    .step(part.title, (update) => part.run({ update, progress }))
    .catch((error: unknown) =>
      oneCheck(false, error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  if (result.failed > 0) progress.note(result.details.join("\n\n"));
  return result;
}

/** Gets the tools that the real engine and cluster need; the reason why not, if they can't be had. */
async function prepareTools(progress: Progress): Promise<string | undefined> {
  try {
    await prepareMachine(progress);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<number> {
  const chosen = chooseParts(process.argv.slice(2));
  const progress = progressFor(process.stdout);
  const begin = Date.now();
  if (chosen.some((part) => part.needsTools)) {
    const faults = await findFaults();
    if (faults.length > 0) {
      process.stderr.write(
        `Some of the tests can't run on this machine:\n${listFaults(faults)}\nThe others can: npm test -- format types lint unit\n`,
      );
      return exitCodes.prerequisites;
    }
  }
  const rows: string[][] = [];
  const results: PartResult[] = [];
  let obstacle: string | undefined;
  let prepared = false;
  for (const part of chosen) {
    const start = Date.now();
    if (part.needsTools && !prepared) {
      prepared = true;
      obstacle = await prepareTools(progress);
    }
    const result =
      part.needsTools && obstacle !== undefined
        ? oneCheck(false, `${part.title}: the toolchain isn't complete: ${obstacle}`)
        : await runPart(part, progress);
    results.push(result);
    const mark = result.failed > 0 ? colours.bad("✖") : colours.good("✔");
    const skipped = result.skipped > 0 ? `${String(result.skipped)} skipped` : "";
    rows.push([
      `${mark} ${part.title}`,
      `${String(result.passed)} passed`,
      `${String(result.failed)} failed`,
      duration(Date.now() - start),
      skipped,
    ]);
  }
  const sum = total(results);
  const failures = results.filter((each) => each.failed > 0).flatMap((each) => each.details);
  const skipped = sum.skipped > 0 ? `, ${String(sum.skipped)} skipped` : "";
  process.stdout.write(
    [
      ...(failures.length > 0 ? ["", colours.bad("What failed:"), ...failures, ""] : [""]),
      ...table(rows),
      "",
      `all parts in ${duration(Date.now() - begin)}${skipped}`,
      `${String(sum.passed)} passed, ${String(sum.failed)} failed`,
      "",
    ].join("\n"),
  );
  return sum.failed > 0 ? exitCodes.failed : exitCodes.ok;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.usage;
  },
);

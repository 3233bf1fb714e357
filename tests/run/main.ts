import { availableParallelism, totalmem } from "node:os";
import pLimit, { type LimitFunction } from "p-limit";
import { findFaults, listFaults, prepareMachine } from "../../cli/engine/preparation";
import { exitCodes } from "../../cli/exit";
import { coloursFor } from "../../cli/ui/colour";
import { table } from "../../cli/ui/table";
import { progressFor } from "../../cli/ui/terminal";
import { messageOf } from "../../infra/fault";
import { duration, type Progress } from "../../local/progress";
import { toolNames } from "../../local/toolchain/tool";
import { chooseParts, type Part } from "./parts";
import { oneCheck, total, type PartResult } from "./result";

const colours = coloursFor(process.stdout);

/** Memory for a platform, its engine and the tests that look at it. */
const platformMemory = 4 * 2 ** 30;

/**
 * How many processes run side by side: one for each core; where they need the toolchain they wait for clusters most of the time, and
 * there is one more, as far as the memory goes.
 */
function lanesFor(needsTools: boolean): LimitFunction {
  const cores = availableParallelism();
  const platforms = Math.max(1, Math.floor(totalmem() / platformMemory));
  return pLimit(needsTools ? Math.min(cores + 1, platforms) : cores);
}

async function runPart(part: Part, lane: LimitFunction, progress: Progress): Promise<PartResult> {
  const result = await progress
    .step(part.title, (update) => part.run({ lane, update, progress }))
    .catch((error: unknown) =>
      oneCheck(false, error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  if (result.failed > 0) progress.note(result.details.join("\n\n"));
  return result;
}

/**
 * Gets the tools that the real engine and cluster need, also those of services that only some stacks run: building one takes
 * longer than a test may. The reason why not, if they can't be had.
 */
async function prepareTools(progress: Progress): Promise<string | undefined> {
  try {
    await prepareMachine(progress, toolNames);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

interface Performed {
  readonly part: Part;
  readonly result: PartResult;
  readonly milliseconds: number;
}

function rowOf({ part, result, milliseconds }: Performed): string[] {
  return [
    `${result.failed > 0 ? colours.bad("✖") : colours.good("✔")} ${part.title}`,
    `${String(result.passed)} passed`,
    `${String(result.failed)} failed`,
    duration(milliseconds),
    [
      ...(result.skipped > 0 ? [`${String(result.skipped)} skipped`] : []),
      ...(result.unsteady.length > 0 ? [`${String(result.unsteady.length)} only at the second try`] : []),
    ].join(", "),
  ];
}

function heading(text: string, details: readonly string[]): string[] {
  return details.length > 0 ? ["", colours.bad(text), ...details] : [];
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
  let tools: Promise<string | undefined> | undefined;
  const perform = async (part: Part, lane: LimitFunction): Promise<Performed> => {
    const obstacle = part.needsTools ? await (tools ??= prepareTools(progress)) : undefined;
    const start = Date.now();
    const result =
      obstacle === undefined
        ? await runPart(part, lane, progress)
        : oneCheck(false, `${part.title}: the toolchain isn't complete: ${obstacle}`);
    return { part, result, milliseconds: Date.now() - start };
  };
  const performed: Performed[] = [];
  for (const needsTools of [false, true]) {
    const lane = lanesFor(needsTools);
    const side = chosen.filter((part) => part.needsTools === needsTools);
    performed.push(...(await Promise.all(side.map((part) => perform(part, lane)))));
  }
  const results = performed.map((each) => each.result);
  const rows = performed.map(rowOf);
  const sum = total(results);
  const failures = results.filter((each) => each.failed > 0).flatMap((each) => each.details);
  const skipped = sum.skipped > 0 ? `, ${String(sum.skipped)} skipped` : "";
  process.stdout.write(
    [
      ...heading("What failed at first, and passed when its file was tried again:", sum.unsteady),
      ...heading("What failed:", failures),
      "",
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
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = exitCodes.usage;
  },
);

import { resolve } from "node:path";
import { messageOf } from "../../infra/fault";
import { exclusively } from "../engine/exclusive";
import { sourceOf, type Source } from "../engine/source";
import { CommandError, exitCodes } from "../exit";
import type { TimedProgress } from "../ui/timings";
import { drillLock, drillsFolder, homeFor, makeDrillPlace, reportsFolder, type DrillPlace } from "./place";
import { rehearse } from "./rehearse";
import { verdictOf, writeReport, type Check, type DrillReport } from "./report";
import { requireRoom } from "./requirements";
import { drillSettings } from "./settings";
import { takeDown, takeDownAbandoned } from "./teardown";

/** Which stack's recovery is rehearsed. */
export interface Drill {
  readonly stack: string;
  /** The Git host's data folder. Default: as the settings say. */
  readonly gitFolder?: string;
  readonly progress: TimedProgress;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** A drill that has ended, and where its report lies. */
export interface DrillEnd {
  readonly report: DrillReport;
  readonly file: string;
}

/**
 * Rehearses a stack's recovery, takes everything down again, whatever happens, and writes the report.
 *
 * @throws CommandError if it can't begin; Interrupted, once everything is taken down.
 */
export async function performDrill({ stack, gitFolder, progress, signal }: Drill): Promise<DrillEnd> {
  const source = await sourceOf(stack, gitFolder === undefined ? undefined : resolve(gitFolder));
  requireCopy(source);
  const settings = drillSettings(source.settings, {
    project: source.project,
    environment: source.config.environment,
  });
  const { places } = source;
  return exclusively({ file: drillLock(places), progress, signal }, async () => {
    const date = new Date();
    await removeAbandoned(source, progress);
    await requireRoom(homeFor(drillsFolder(places), "drill-000000"), source.gitFolder);
    signal.throwIfAborted();
    const place = await makeDrillPlace(places);
    let taken: Check | undefined;
    const findings = await rehearse({ source, place, settings, progress, signal }).finally(async () => {
      taken = await removeDrill(source, place, progress);
    });
    const checks = taken === undefined ? findings.checks : [...findings.checks, taken];
    const report: DrillReport = {
      version: 1,
      stack,
      drill: place.stack,
      date: date.toISOString(),
      verdict: verdictOf(checks),
      sources: findings.sources,
      checks: [...checks],
      timings: [...progress.timings],
      platformTimings: [...findings.platformTimings],
    };
    return { report, file: await writeReport(reportsFolder(places), report) };
  });
}

/** @throws CommandError if no copy of the repositories can be taken. */
export function requireCopy({ stack, config: { git } }: Pick<Source, "stack" | "config">): void {
  if (git.kind === "gitea") return;
  throw new CommandError(
    `No drill for stack ${stack}: its repositories are at ${git.url}, and a drill takes a copy of the Git host's data. ` +
      `\`terp doctor --stack ${stack}\` says what of them a recovery would miss.`,
    exitCodes.usage,
  );
}

async function removeAbandoned({ places }: Source, progress: TimedProgress): Promise<void> {
  const found = await progress.step("what earlier drills have left", (update) =>
    takeDownAbandoned(places, update),
  );
  if (found.length > 0) progress.note(`taken down, left by a drill that was killed: ${found.join(", ")}`);
}

/** Also after Ctrl-C: a second one ends at once, and the next drill removes what is left. */
async function removeDrill(
  { places }: Source,
  place: DrillPlace,
  progress: TimedProgress,
): Promise<Check | undefined> {
  const what = "taken down";
  try {
    const complaint = await progress.phase("taking it down", (update) => takeDown(places, place, update));
    if (complaint === undefined)
      return { what, result: "passed", detail: "nothing of the second platform is left" };
    return { what, result: "failed", detail: `removed by hand, because \`terp down\` failed: ${complaint}` };
  } catch (error) {
    const reason = messageOf(error);
    progress.note(`the drill in ${place.home} can't be removed, the next one tries again: ${reason}`);
    return { what, result: "failed", detail: `${place.home} can't be removed: ${reason}` };
  }
}

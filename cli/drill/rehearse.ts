import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { messageOf } from "../../infra/fault";
import { embeddedKubeconfig } from "../cluster/access";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import type { Generations } from "../../infra/keys/generations";
import { openStore } from "../../infra/keys/stores";
import type { KnownRecipients } from "../engine/recipients";
import { knownRecipients, type Source } from "../engine/source";
import { readState } from "../engine/state";
import { deployKeysOf, tenantsOf } from "../status/inspect";
import type { Summary } from "../status/summary";
import type { TimedProgress } from "../ui/timings";
import { DataFolderReader } from "../git/dataFolder";
import { askApplications } from "./applications";
import { readBackup, tenantsWithKeys } from "./backup";
import { runTerp } from "./child";
import { compare } from "./compare";
import { readFacts } from "./facts";
import { copyGitData } from "./gitCopy";
import { drillEnvironment, type DrillPlace } from "./place";
import type { Check, DrillReport } from "./report";
import { copyKeys, openRunning } from "./originals";

/** A drill that is under way. */
export interface Rehearsal {
  readonly source: Source;
  readonly place: DrillPlace;
  /** The text of the drill's own settings. */
  readonly settings: string;
  readonly progress: TimedProgress;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** What a drill found, but for its end. */
export type Findings = Pick<DrillReport, "sources" | "checks" | "platformTimings">;

/** A step that failed: no other can follow. */
class StepFailure extends Error {
  public constructor(public readonly check: Check) {
    super(check.detail);
  }
}

/** The running platform, as far as there is one. */
interface Running {
  readonly known: KnownRecipients | undefined;
  readonly api: KubeApi | undefined;
  readonly description: string;
}

/**
 * Builds a second platform from the backup and compares it with the first. It is left standing.
 *
 * @returns what was found, also if a step failed.
 * @throws Interrupted.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<Findings> {
  const { source, signal } = rehearsal;
  const checks: Check[] = [];
  let platformTimings: DrillReport["platformTimings"] = [];
  const running = await lookAtRunning(rehearsal);
  try {
    const stored = await restore(rehearsal, running, checks);
    const summary = await raise(rehearsal);
    platformTimings = [...summary.timings];
    checks.push({
      what: "the platform comes up",
      result: "passed",
      detail: "bin/terp up, with nothing but the backup",
    });
    const compared = await attempt("comparison", rehearsal, () => compareAll(rehearsal, running, stored));
    checks.push(...compared);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof StepFailure)) throw error;
    checks.push(error.check);
  } finally {
    await running.api?.close();
  }
  const sources = {
    keys: openStore(source.store).describe(),
    git: source.gitFolder,
    comparedWith: running.description,
  };
  return { sources, checks, platformTimings };
}

/** A phase whose failure ends the drill, and says of what it was the failure. */
async function attempt<T>(
  title: string,
  { progress, signal }: Rehearsal,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  try {
    return await progress.phase(title, work);
  } catch (error) {
    signal.throwIfAborted();
    throw new StepFailure({ what: title, result: "failed", detail: messageOf(error) });
  }
}

async function lookAtRunning({ source, progress, signal }: Rehearsal): Promise<Running> {
  return progress.phase("running platform", async () => {
    const known = await knownRecipients(source, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      progress.note(`the state can't be read, the backup alone is compared with: ${messageOf(error)}`);
      return undefined;
    });
    const api = await openRunning(source, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      progress.note(`the platform doesn't run, the backup alone is compared with: ${messageOf(error)}`);
      return undefined;
    });
    const parts = [
      ...(known === undefined ? [] : ["the state"]),
      ...(api === undefined ? [] : ["the running platform"]),
      "the backup itself",
    ];
    return { known, api, description: parts.join(", ") };
  });
}

/** Brings the keys, the repositories and the settings to the drill. @returns to whom the platform's key belongs. */
async function restore(rehearsal: Rehearsal, running: Running, checks: Check[]): Promise<Generations> {
  const { source, place } = rehearsal;
  const { keys, git } = place.paths;
  const copy = await attempt("repositories", rehearsal, (update) =>
    copyGitData(source.gitFolder, git, update),
  );
  checks.push({
    what: "repositories",
    result: "passed",
    detail: `${String(copy.repositories.length)} copied with the Git host's database, each with a whole history`,
  });
  const stored = await attempt("keys", rehearsal, async () => {
    const tenants = await tenantsWithKeys(new DataFolderReader(git));
    return copyKeys(source.store, keys, [
      ...new Set([...tenants, ...Object.keys(running.known?.tenants ?? {})]),
    ]);
  });
  checks.push({
    what: "keys",
    result: "passed",
    detail: `${openStore(source.store).describe()} has the key of ${stored.recipient}`,
  });
  await writeFile(place.paths.settings, rehearsal.settings, { mode: 0o600 });
  return stored;
}

/** The same run as any other, in an environment of its own. */
async function raise(rehearsal: Rehearsal): Promise<Summary> {
  const { place, signal } = rehearsal;
  return attempt("the platform comes up", rehearsal, async (update) => {
    const end = await runTerp({ words: ["up", "--json"], place, onLine: update, signal });
    if (!end.ok) throw new Error(end.complaint);
    return JSON.parse(end.standardOutput) as Summary;
  });
}

async function compareAll(
  { source, place, signal }: Rehearsal,
  running: Running,
  stored: Generations,
): Promise<readonly Check[]> {
  const { stack, paths } = place;
  const kubeconfig = await embeddedKubeconfig(stack, drillEnvironment(place));
  const state = await readState(paths.state, source.project, stack);
  if (kubeconfig === undefined || state === undefined)
    throw new Error("the second platform has no cluster or no state, though it came up");
  const tenants = tenantsOf(state);
  const known = running.known ?? { recipient: undefined, tenants: {} };
  const salt = randomBytes(32);
  const api = new KubeApi(accessFrom(kubeconfig));
  try {
    const everybody = [...new Set([...tenants, ...Object.keys(known.tenants)])];
    const checks = compare({
      stored,
      known: running.known,
      backup: await readBackup(paths.git, source.config.environment, everybody),
      drill: await readFacts(api, tenants, salt),
      running: running.api === undefined ? undefined : await readFacts(running.api, tenants, salt),
      brought: Object.keys(deployKeysOf(state)),
    });
    const answers = await askApplications({ tenants, drill: api, running: running.api, signal });
    return [...checks, ...answers];
  } finally {
    await api.close();
  }
}

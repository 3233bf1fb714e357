import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { paths, type Paths } from "../../local/paths";
import { drillLock } from "../drill/place";
import { takeDownAbandoned } from "../drill/teardown";
import { exclusively } from "../engine/exclusive";
import { forgetPendingOperations, operate, settleLocks, stateOf, unprotect } from "../engine/operations";
import { prepareEngine } from "../engine/preparation";
import { openStack, usesEmbeddedCluster } from "../engine/stack";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";
import { node } from "../lazy";
import { progressFor } from "../ui/terminal";
import { TimedProgress } from "../ui/timings";

/** Options of `terp down`. */
export interface DownOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly purge?: boolean;
  readonly yes?: boolean;
}

/** Takes the platform down. Keys, repositories and the state's folder stay, unless they are purged. */
export async function down(options: DownOptions): Promise<void> {
  const embedded = await usesEmbeddedCluster(options.stack);
  const places = paths(options.stack);
  if (options.purge === true && options.yes !== true) await confirmPurge(places);
  const interruption = listenForInterrupt(
    `\`terp down --stack ${options.stack}\` goes on where this stopped.`,
  );
  const progress = new TimedProgress(progressFor());
  try {
    await exclusively(
      { file: join(places.keep, ".terp.lock"), progress, signal: interruption.signal },
      async () => {
        await destroy(options.stack, interruption.signal, progress);
        if (embedded) await progress.phase("leftovers", () => removeLeftovers(options.stack, places));
        if (options.purge === true) await purge(places, interruption.signal, progress);
      },
    );
    const kept = options.purge === true || !embedded ? [] : [places.keep];
    const text =
      options.json === true
        ? JSON.stringify({ stack: options.stack, kept })
        : options.purge === true
          ? "Everything is gone."
          : !embedded
            ? "The platform is down. Keys stay in their store, repositories in the Git host's folder on its node."
            : `The platform is down. Keys, repositories and state stay in ${places.keep}: \`bin/terp up\` brings it back with them.`;
    process.stdout.write(`${text}\n`);
  } finally {
    interruption.release();
  }
}

async function destroy(name: string, signal: AbortSignal, progress: TimedProgress): Promise<void> {
  await progress.phase("toolchain", () => prepareEngine(progress));
  const stack = await openStack(name, signal);
  await settleLocks(stack, progress);
  const state = await stateOf(stack);
  if (state === undefined || state.resources.length === 0) return;
  if (state.pendingOperations > 0) await forgetPendingOperations(stack);
  if (state.resources.some(({ protect }) => protect)) await unprotect(stack, "all");
  // An embedded cluster takes along what is in it, and what a killed run leaves of it goes afterwards: the state needn't be
  // written for each of a thousand objects.
  const operation = { kind: "destroy", skipCheckpoints: stack.embedded } as const;
  await progress.phase("pulumi destroy", (update) => operate(stack, operation, update));
}

/** A run that was killed may have started what no state knows. */
async function removeLeftovers(name: string, places: Paths): Promise<void> {
  await node().removeNode({ name, directory: places.node, runDirectory: places.run });
  await rm(join(places.stack, "kubeconfig"), { force: true });
}

/** A drill that was killed may have left a platform of its own below the stack's folder. */
async function purge(places: Paths, signal: AbortSignal, progress: TimedProgress): Promise<void> {
  await exclusively({ file: drillLock(places), progress, signal }, () =>
    progress.step("what drills have left", (update) => takeDownAbandoned(places, update)),
  );
  await rm(places.stack, { recursive: true, force: true });
}

async function confirmPurge(places: Paths): Promise<void> {
  const loss = `${places.keep} holds the platform's keys, the tenants' repositories and the state. Without a copy, what was encrypted can't be read again.`;
  if (!process.stdin.isTTY) {
    throw new CommandError(`${loss}\nTo delete it without being asked, say --yes.`, exitCodes.usage);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${loss}\nType "delete" to delete it: `);
    if (answer.trim() !== "delete") throw new CommandError("Nothing was deleted.", exitCodes.usage);
  } finally {
    terminal.close();
  }
}

import { join } from "node:path";
import { writeWhole } from "../../local/files";
import { exclusively } from "../engine/exclusive";
import { ensureStack, operate, settleLocks, stateOf } from "../engine/operations";
import { explainCollisions, findCollisions } from "../engine/plan";
import { prepareEngine, prepareMachine, requirePrerequisites } from "../engine/preparation";
import { openStack, usesEmbeddedCluster, type Stack } from "../engine/stack";
import { CommandError, exitCodes, Interrupted } from "../exit";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { withPipelineIdentity } from "../pipeline/identity";
import { renderMarkdown, renderText } from "../preview/render";
import { summarise, summariseFailure, type PreviewSummary } from "../preview/summary";
import { progressFor } from "../ui/terminal";

/** Options of `terp preview`. */
export interface PreviewOptions {
  readonly summary: "text" | "markdown" | "json";
  /** The file that gets the summary. Default: standard output. */
  readonly to?: string;
  /** Looks first at what is really there. */
  readonly refresh?: boolean;
  /** Ends with {@link exitCodes.differs} if an `up` would change anything. */
  readonly failOnChanges?: boolean;
}

/** Shows what an `up` would change, and changes nothing. */
export async function preview(environment: string, options: PreviewOptions): Promise<void> {
  const interruption = listenForInterrupt("`terp preview` only looks.");
  try {
    const summary = await withPipelineIdentity(process.env, () =>
      previewOf(environment, options, interruption.signal).catch((error: unknown) => {
        if (options.to === undefined || !(error instanceof CommandError) || error instanceof Interrupted)
          throw error;
        // Whoever reads the file has to learn of it too.
        write(summariseFailure(environment, error.message), options);
        throw error;
      }),
    );
    write(summary, options);
    if (options.failOnChanges === true && summary.differs) process.exitCode = exitCodes.differs;
  } finally {
    interruption.release();
  }
}

async function previewOf(
  environment: string,
  { refresh }: PreviewOptions,
  signal: AbortSignal,
): Promise<PreviewSummary> {
  const progress = progressFor();
  const embedded = await usesEmbeddedCluster(environment);
  if (embedded) await requirePrerequisites();
  await orInterrupted(signal, embedded ? prepareMachine(progress) : prepareEngine(progress));
  const stack = await openStack(environment, signal, progress);
  const look = async (): Promise<PreviewSummary> => {
    await requireStack(stack, progress);
    const words = refresh === true ? ["--refresh"] : [];
    const outcome = await progress.step("preview", (update) =>
      operate(stack, { kind: "preview", words }, update),
    );
    const collisions = findCollisions(outcome.steps);
    if (collisions.length > 0) throw new CommandError(explainCollisions(collisions));
    const standIns = stack.plugins.filter(({ kind }) => kind === "stand-in").map(({ name }) => name);
    return summarise(environment, outcome, standIns);
  };
  // Elsewhere the backend's own lock is enough, and nobody else works on this machine's files.
  if (!embedded) return look();
  return exclusively({ file: join(stack.paths.keep, ".terp.lock"), progress, signal }, look);
}

/** The local stack is made where it is missing; another one's state outlives every machine: a preview doesn't make it. */
async function requireStack(stack: Stack, progress: Parameters<typeof settleLocks>[1]): Promise<void> {
  if (stack.embedded) {
    await settleLocks(stack, progress);
    await ensureStack(stack);
    return;
  }
  if ((await stateOf(stack)) !== undefined) return;
  throw new CommandError(
    `stack ${stack.name}: its state's backend doesn't have it; type: terp init ${stack.name}`,
    exitCodes.usage,
  );
}

function write(summary: PreviewSummary, { summary: form, to }: PreviewOptions): void {
  const text =
    form === "json"
      ? JSON.stringify(summary, undefined, 2)
      : form === "markdown"
        ? renderMarkdown(summary)
        : renderText(summary).join("\n");
  if (to === undefined) process.stdout.write(`${text}\n`);
  else writeWhole(to, `${text}\n`, 0o644);
}

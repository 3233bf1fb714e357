import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../local/progress";
import { CommandError } from "../exit";
import { pause } from "../interrupt";
import { RunFollower, type ChangeCounts, type Diagnostic, type PlannedStep } from "./events";
import { breakLock, judgeLock, readLocks, thisMachine } from "./locks";
import { explainProtected } from "./protection";
import { callPulumi, followPulumi, type PulumiEnd } from "./pulumi";
import { settingsFile, settingsFolder, type Stack } from "./stack";
import { exportedState, readState, type StackState } from "./state";

/** An operation of the engine that changes, or previews changes of, a stack. */
export interface Operation {
  readonly kind: "up" | "preview" | "destroy" | "refresh";
  /** More words for pulumi, e.g. `--target`. */
  readonly words?: readonly string[];
  /** The state is written once, at the end. Only where everything that is created is found again without it. */
  readonly skipCheckpoints?: boolean;
}

/** What an operation did. */
export interface Outcome {
  readonly changes: ChangeCounts;
  readonly steps: readonly PlannedStep[];
  readonly diagnostics: readonly Diagnostic[];
}

const waitForLock = 10 * 60_000;

/** A short call of the CLI. It runs no program. */
async function words(stack: Stack, list: readonly string[]): Promise<PulumiEnd> {
  const { environment, signal } = stack;
  const project = stack.embedded ? await settingsFolder(stack) : stack.folder;
  return callPulumi({ words: [...list, "--non-interactive"], project, environment, signal });
}

function failed(what: string, end: PulumiEnd): CommandError {
  return new CommandError(`${what} failed (pulumi ended with ${String(end.code)}):\n${said(end)}`);
}

function said(end: PulumiEnd): string {
  return `${end.standardError}\n${end.standardOutput}`.trim();
}

/**
 * What the engine remembers of the stack: from our own file where the backend is ours, else by asking the backend.
 *
 * @returns undefined if there is no such stack.
 */
export async function stateOf(stack: Stack): Promise<StackState | undefined> {
  if (stack.embedded) return readState(stack.paths.state, stack.project, stack.name);
  const end = await words(stack, ["stack", "export", "--stack", stack.name]);
  if (end.code === 0) return exportedState(end.standardOutput);
  if (/no stack named|not found/.test(said(end))) return undefined;
  throw failed("reading the state", end);
}

/**
 * Makes the stack in the backend if it isn't there.
 *
 * @param secretsProvider what encrypts the state's secrets. Default: as Pulumi decides.
 */
export async function ensureStack(stack: Stack, secretsProvider?: string): Promise<void> {
  if ((await stateOf(stack)) !== undefined) return;
  const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
  const end = await words(stack, ["stack", "init", stack.name, ...provider]);
  if (end.code !== 0 && !said(end).includes("already exists"))
    throw failed(`making the stack ${stack.name}`, end);
}

/**
 * Waits until nobody else works on the stack. A lock whose process is dead is broken; another machine's is left alone.
 *
 * @throws CommandError if the lock is another machine's, or isn't released within ten minutes.
 */
export async function settleLocks(stack: Stack, progress: Progress): Promise<void> {
  const find = () => readLocks(stack.paths.state, stack.project, stack.name);
  for (const lock of await find()) {
    const verdict = judgeLock(lock, thisMachine());
    const who = `${lock.username}@${lock.hostname}, process ${String(lock.pid)}, since ${lock.timestamp}`;
    if (verdict === "stale") {
      await breakLock(lock);
      progress.note(`broke the lock of a run that is dead (${who})`);
    } else if (verdict === "foreign") {
      throw new CommandError(
        `Stack ${stack.name} is locked by ${who}. If that run is dead, free it with: eval "$(terp env)"; pulumi cancel`,
      );
    } else {
      await progress.step("another run is ending", async (update) => {
        const deadline = Date.now() + waitForLock;
        update(who);
        while (
          (await find()).some((each) => each.file === lock.file && judgeLock(each, thisMachine()) === "held")
        ) {
          if (Date.now() > deadline) {
            throw new CommandError(
              `Stack ${stack.name} is still locked by ${who}. Wait for it, or end that process.`,
            );
          }
          await pause(250, stack.signal);
        }
        await breakLock(lock);
      });
    }
  }
}

/**
 * Forgets operations that had begun when a run was killed. Whatever they made is found again by its name, so there is nothing to ask.
 */
export async function forgetPendingOperations(stack: Stack): Promise<void> {
  const exported = await words(stack, ["stack", "export", "--stack", stack.name]);
  if (exported.code !== 0) throw failed("reading the state", exported);
  const content = JSON.parse(exported.standardOutput) as { deployment: Record<string, unknown> };
  delete content.deployment["pending_operations"];
  const folder = await mkdtemp(join(stack.paths.keep, "import-"));
  try {
    const file = join(folder, "state.json");
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    const imported = await words(stack, ["stack", "import", "--stack", stack.name, "--file", file]);
    if (imported.code !== 0) throw failed("writing the state", imported);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets resources be deleted that the program protects: all, or those with the URNs. */
export async function unprotect(stack: Stack, urns: readonly string[] | "all"): Promise<void> {
  if (urns.length === 0) return;
  const which = urns === "all" ? ["--all"] : urns;
  const end = await words(stack, ["state", "unprotect", ...which, "--yes", "--stack", stack.name]);
  if (end.code !== 0) throw failed("lifting the protection from deletion", end);
}

/**
 * Runs an operation of the engine.
 *
 * @param update told how far it is.
 * @throws CommandError with the engine's errors if it failed; Interrupted if the person stopped it.
 */
export async function operate(
  stack: Stack,
  operation: Operation,
  update: (text: string) => void,
): Promise<Outcome> {
  // Only to say how far it is: not worth asking a backend elsewhere.
  const state = stack.embedded ? await stateOf(stack) : undefined;
  const follower = new RunFollower(state?.resources.length ?? 0);
  const settings = stack.embedded ? ["--config-file", settingsFile(stack, await settingsFolder(stack))] : [];
  const confirm = operation.kind === "preview" ? [] : ["--yes", "--skip-preview"];
  const environment =
    operation.skipCheckpoints === true
      ? { ...stack.environment, PULUMI_SKIP_CHECKPOINTS: "true" }
      : stack.environment;
  const end = await followPulumi(
    {
      words: [
        operation.kind,
        "--stack",
        stack.name,
        "--non-interactive",
        "--color",
        "never",
        "--suppress-outputs",
        "--suppress-progress",
        ...settings,
        ...confirm,
        ...(operation.words ?? []),
      ],
      project: stack.folder,
      environment,
      signal: stack.signal,
    },
    (event) => {
      follower.add(event);
      update(follower.describe());
    },
  );
  if (end.code !== 0) throw new CommandError(explainFailure(operation.kind, follower.diagnostics, end));
  return { changes: follower.changes ?? {}, steps: follower.steps, diagnostics: follower.diagnostics };
}

/** All outputs of the stack, secrets in clear: never print or keep them. */
export async function readOutputs(stack: Stack): Promise<Readonly<Record<string, unknown>>> {
  const end = await words(stack, ["stack", "output", "--stack", stack.name, "--json", "--show-secrets"]);
  if (end.code !== 0) throw failed("reading the stack's outputs", end);
  return JSON.parse(end.standardOutput) as Record<string, unknown>;
}

/** Ends the message of each operation that failed. */
export const howToGoOn = "What was done is kept: mend the cause and run the same command again.";

function explainFailure(kind: string, diagnostics: readonly Diagnostic[], end: PulumiEnd): string {
  const errors = explainProtected(
    diagnostics.filter((each) => each.severity === "error").map((each) => each.message),
  );
  const text = errors.length > 0 ? [...new Set(errors)].join("\n") : said(end);
  return `pulumi ${kind} failed:\n${text}\n${howToGoOn}`;
}
